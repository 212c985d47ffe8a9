import type { Value} from '../value';
import { Unknown, isList, textParts } from '../value';
import type { PolicyText } from './statement';

/** A text or list of texts; branches of an undecided condition are all listed, marked `maybe`. */
export function policyTexts(value: Value | undefined, maybe = false): PolicyText[] {
  if (value === undefined) return [];
  if (isList(value)) return value.flatMap((item) => policyTexts(item, maybe));
  if (value instanceof Unknown && value.candidates !== undefined) return value.candidates.flatMap((c) => policyTexts(c, true));
  const parts = textParts(value);
  return [{ parts: parts ?? [new Unknown('INVALID', 'a policy text that is no text')], maybe }];
}
