import type { Refutation } from './encoder/query';

/** What a proof came to. */
export type Verdict =
  /** No such request exists, and legitimate use is possible. */
  | 'PROVED'
  /** No such request exists, but no legitimate one was found either: the claim says little. */
  | 'PROVED_VACUOUSLY'
  /** Such a request exists: it is given, and a second evaluator allows it. */
  | 'REFUTED'
  /** Neither was shown. */
  | 'UNDETERMINED';

/** A request that does what the attack says. */
export interface Counterexample {
  readonly principal: string;
  readonly principalArn?: string;
  readonly action: string;
  readonly resource: string;
  /** Condition keys as written; keys that are not listed are absent or of no matter. */
  readonly context: Readonly<Record<string, string | readonly string[]>>;
  /** Keys that policies ask for and that the request does not have. */
  readonly absent: readonly string[];
  /** Statements that let it through. */
  readonly allowedBy: readonly string[];
}

/** Result for one attack. */
export interface Proof {
  readonly attack: string;
  readonly verdict: Verdict;
  /** Principals that were tried. */
  readonly principals: readonly string[];
  /** At most one per principal. */
  readonly counterexamples: readonly Counterexample[];
  /** Why the verdict is not a better one. */
  readonly reasons: readonly string[];
  /** Whether legitimate use was found to be possible. */
  readonly legitimate: 'POSSIBLE' | 'NOT_FOUND';
  /** What the claim takes for granted. */
  readonly assumptions: readonly string[];
  /** Where the policies were read more widely than they may be. */
  readonly approximations: readonly string[];
  /** Proofs of the "no" answers, by principal, when they were asked for. */
  readonly refutations: ReadonlyMap<string, Refutation>;
}

/** A counterexample on one line. */
export function describeCounterexample(c: Counterexample): string {
  const context = Object.entries(c.context).map(([key, value]) => `${key}=${[value].flat().join('|')}`);
  const absent = c.absent.map((key) => `no ${key}`);
  return [`${c.principal}: ${c.action} ${c.resource}`, ...context, ...absent].join(', ');
}
