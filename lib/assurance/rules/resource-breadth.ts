import type { PolicyStatement, UnknownKind } from '../template';
import { Unknown } from '../template';
import type { Answer } from './answer';
import { any } from './answer';

/** What is left to a person at deploy time: it may be a star. Names, accounts and the like are not. */
const MAY_BE_A_STAR: readonly UnknownKind[] = ['PARAMETER', 'HIDDEN_PARAMETER', 'CONDITION', 'FUNCTION', 'INVALID'];

/**
 * Whether a statement names resources by a pattern that is too wide.
 *
 * @param wide matches the text of a resource, in which `~` stands for a part that is not known
 */
export function isOpen(statement: PolicyStatement, wide: RegExp): Answer {
  const { resources } = statement;
  if (resources === undefined) return 'NO';
  if (resources.negated) return 'YES';
  return any(
    resources.texts.map(({ parts, maybe }) => {
      if (wide.test(parts.map((part) => (part instanceof Unknown ? '~' : part)).join(''))) return maybe ? 'UNKNOWN' : 'YES';
      const last = parts.at(-1);
      return last instanceof Unknown && MAY_BE_A_STAR.includes(last.kind) ? 'UNKNOWN' : 'NO';
    }),
  );
}
