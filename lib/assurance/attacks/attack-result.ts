import type { NetworkLayer } from '../network';
import type { Counterexample, Layer, PrincipalType, Verdict } from '../prover';
import type { Threat } from './attack-spec';

/** What became of an attack. */
export type AttackVerdict =
  | Verdict
  /** The template has nothing that the attack is about, or the organisation left the protection out: nothing is claimed. */
  | 'NOT_APPLICABLE';

/** Layers against one kind of caller, against packets, or against requests through the endpoints that packets reach. */
export interface LayersBy {
  readonly callers: PrincipalType | 'PACKET' | 'REQUEST';
  /** Layers that stop the attack with no help from the others. */
  readonly alone: readonly (Layer | NetworkLayer)[];
  /** Layers without which the attack opens. */
  readonly needed: readonly (Layer | NetworkLayer)[];
}

/** The result of one attack on one set of templates. */
export interface AttackResult {
  readonly id: string;
  readonly title: string;
  readonly threats: readonly Threat[];
  readonly controls: readonly string[];
  readonly verdict: AttackVerdict;
  /** Why the verdict is what it is: requests that succeed, or what stays open. */
  readonly reasons: readonly string[];
  readonly counterexamples: readonly Counterexample[];
  /** Layers that stop it alone, by kind of caller. */
  readonly layers: readonly LayersBy[];
  /** The number of layers against the caller who meets fewest; 0 when layers only hold together, or nothing was to stop. */
  readonly depth: number;
  /** Why one layer is all that there can be; for verdicts with fewer than two. */
  readonly oneLayer?: string;
  /** ARNs of what the attack is about. */
  readonly subjects: Readonly<Record<string, readonly string[]>>;
  /** Callers that were tried. */
  readonly callers: readonly string[];
  readonly assumptions: readonly string[];
  readonly approximations: readonly string[];
}
