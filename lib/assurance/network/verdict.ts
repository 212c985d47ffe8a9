import { exampleOf } from './box';
import type { Flow, Hop } from './flow';

/** A way for packets that nothing declared blocks. */
export interface NetworkPath {
  /** One packet that can go this way. */
  readonly example: string;
  readonly hops: readonly Hop[];
}

/** Whether packets can come from one place to another. */
export type ReachVerdict =
  /** What is declared blocks every packet. */
  | { readonly verdict: 'PROVED' }
  /** What is declared does not block the packets of a path. */
  | { readonly verdict: 'REFUTED'; readonly path: NetworkPath }
  /** Neither was shown. */
  | { readonly verdict: 'UNDETERMINED'; readonly reasons: readonly string[] };

/** What leaves a workload for. */
export type ExitKind =
  | 'INTERNET'
  /** Another VPC, or a network that is no part of the templates. */
  | 'NETWORK'
  /** An endpoint of AWS: what it carries is up to its policy. */
  | 'AWS_SERVICE'
  /** An endpoint of somebody else. */
  | 'PARTNER';

/** A way out of a workload's own network. */
export interface Exit {
  readonly kind: ExitKind;
  /** `internet`, a VPC, an endpoint, or what is known of it. */
  readonly to: string;
  /** Undefined when it is not certain that there is one. */
  readonly path?: NetworkPath;
  /** Why it is not certain; empty for a path. */
  readonly reasons: readonly string[];
  /** For an endpoint: it has a policy of its own. */
  readonly guarded?: boolean;
}

/** The path of a flow. */
export function pathOf(flow: Flow): NetworkPath {
  return { example: exampleOf(flow.box), hops: flow.hops };
}

/** A path on one line. */
export function describePath(path: NetworkPath): string {
  return `${path.example}: ${path.hops.map((hop) => `${hop.resource} ${hop.says}`).join(' -> ')}`;
}

/**
 * The verdict on flows that arrive: a certain one refutes, an uncertain one leaves it open.
 *
 * `unclear` casts doubt on everything, also on a way that was found; `gaps` only on the claim that there is none.
 */
export function verdictOf(flows: readonly Flow[], unclear: readonly string[], gaps: readonly string[]): ReachVerdict {
  const certain = flows.find((flow) => flow.unsure.length === 0);
  if (certain !== undefined && unclear.length === 0) return { verdict: 'REFUTED', path: pathOf(certain) };
  const reasons = [...new Set([...unclear, ...flows.flatMap((flow) => flow.unsure), ...gaps])];
  return reasons.length > 0 ? { verdict: 'UNDETERMINED', reasons } : { verdict: 'PROVED' };
}
