import { valueAt } from '../../template';
import type { Answer } from '../answer';
import { any, ask, isPresent } from '../answer';
import type { Subject } from '../subject';
import { itemsOf } from '../subject';

/** Where the lifecycle rules of a bucket stand. */
export const LIFECYCLE_RULES = 'LifecycleConfiguration.Rules';

/** Whether a lifecycle rule of a bucket says one of these ends. */
export function saysEnd(bucket: Subject, ...ends: readonly string[]): Answer {
  return ask(bucket.at('LifecycleConfiguration'), (configuration) =>
    any(itemsOf(valueAt(configuration, ['Rules']), LIFECYCLE_RULES).flatMap(({ value }) => ends.map((name) => isPresent(valueAt(value, [name]))))),
  );
}
