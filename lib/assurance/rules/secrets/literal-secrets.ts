import type { Value } from '../../template';
import { Unknown, isDict, textParts } from '../../template';
import { RunTimeChoice } from '../definitions/run-time-choice';
import type { Judgement } from '../judgement';
import { COMPLIANT, undetermined, violated } from '../judgement';
import { textsIn } from '../places';
import type { Item } from '../subject';
import { secretIn } from './secret-text';
import { secretName } from './secret-names';

/** Judges one value under its name: a literal secret is wrong, and a parameter under the name of a secret is not decided. */
export function judgeNamed(name: string, value: Value | undefined, path: string): Judgement {
  if (value instanceof Unknown && value.candidates !== undefined) {
    // Whichever branch is taken: what stands in the other is in the template as well.
    const branches = value.candidates.map((candidate) => judgeNamed(name, candidate, path));
    const said = (verdict: Judgement['verdict']) => branches.find((branch) => branch.verdict === verdict);
    return said('VIOLATED') ?? said('UNDETERMINED') ?? COMPLIANT;
  }
  const parts = textParts(value);
  if (parts === undefined) return COMPLIANT;
  const whole = parts.length === 1;
  for (const part of parts) {
    if (typeof part !== 'string') continue;
    const found = secretIn(whole ? name : '', part);
    if (found !== undefined) return violated(`'${name}' holds ${found} in plain text`, path);
  }
  const open = parts.find((part): part is Unknown => part instanceof Unknown && isGivenByHand(part));
  if (open !== undefined && secretName(name) !== undefined) {
    return undetermined(`'${name}' is the name of a secret, and what it holds is not known: ${open.reason}`, path);
  }
  return COMPLIANT;
}

/** Judges a map of names to values, such as the environment of a function. */
export function judgeMap(value: Value | undefined, path: string): Judgement[] {
  if (isDict(value)) return Object.entries(value).map(([name, entry]) => judgeNamed(name, entry, `${path}.${name}`));
  // What is chosen when a state machine runs stands in no template.
  if (!(value instanceof Unknown) || value instanceof RunTimeChoice) return [];
  if (value.candidates !== undefined) return value.candidates.flatMap((candidate) => judgeMap(candidate, path));
  return [undetermined(`the values are not known: ${value.reason}`, path)];
}

/** Judges a list of pairs, such as `[{ Name, Value }]`. */
export function judgePairs(pairs: readonly Item[], nameKey = 'Name', valueKey = 'Value'): Judgement[] {
  return pairs.flatMap(({ path, value }) => {
    if (!isDict(value)) return [];
    const name = textParts(value[nameKey])?.join('') ?? '';
    return [judgeNamed(name, value[valueKey], `${path}.${valueKey}`)];
  });
}

/** Judges every text of a value by the key that it stands under. */
export function judgeTexts(value: Value | undefined, root: string): Judgement[] {
  return textsIn(value, root).map(({ path, value: text }) => judgeNamed(nameOf(path), text, path));
}

/** Last key of a path; a position in a list is no name, the key of the list is. */
export function nameOf(path: string): string {
  const keys = path.split('.').filter((key) => !/^\d+$/.test(key));
  return keys.at(-1) ?? '';
}

/** A parameter that no resource supplies. NoEcho changes nothing here: it hides the parameter, and not the environment that it ends in. */
function isGivenByHand(unknown: Unknown): boolean {
  return unknown.isParameter && unknown.origin === undefined && unknown.candidates === undefined;
}
