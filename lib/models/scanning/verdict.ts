/**
 * What the scanner says of a file or a tree. Only `SAFE` passes a gate.
 *
 * - `SAFE`: every byte that a loader would interpret is understood and on the allow-lists.
 * - `SUSPICIOUS`: understood, but it uses something that the policy does not list.
 * - `UNSCANNABLE`: malformed, beyond a limit, or a format that cannot be judged; what a loader does with it is unknown.
 * - `DANGEROUS`: it holds something that runs code, reads or writes files, or hides such a thing.
 */
export type Verdict = 'SAFE' | 'SUSPICIOUS' | 'UNSCANNABLE' | 'DANGEROUS';

const ORDER: readonly Verdict[] = ['SAFE', 'SUSPICIOUS', 'UNSCANNABLE', 'DANGEROUS'];

/** The more severe of two verdicts. */
export function worseOf(a: Verdict, b: Verdict): Verdict {
  return ORDER.indexOf(a) >= ORDER.indexOf(b) ? a : b;
}
