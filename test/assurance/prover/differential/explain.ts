import type { Comparison } from './compare';
import type { Case } from './random-cases';

/** Why two readings of a case differ, when the reason is known. */
export type Explanation =
  /** The simulator takes an IPv6 address for one that no IPv4 range of `NotIpAddress` excludes, and so skips the denial. */
  | 'IPV6_AGAINST_IPV4'
  /** The prover may choose the session's name, which a policy asks for; the simulator is given one. */
  | 'SESSION_NAME'
  /** The prover does not commit itself where AWS documents nothing. */
  | 'UNDOCUMENTED';

/** True when the prover or the replay says no to what the simulator allows: the side on which a proof would be false. */
export function isUnsafe(c: Comparison): boolean {
  return c.simulator === 'ALLOWED' && (c.replay === 'DENIED' || c.prover === 'IMPOSSIBLE');
}

/** True when the two own readings contradict each other: impossible for the prover, allowed by the replay. */
export function isContradiction(c: Comparison): boolean {
  return c.replay === 'ALLOWED' && c.prover !== 'POSSIBLE';
}

/** True when a counterexample would be claimed that the simulator denies. */
export function isFalseAlarm(c: Comparison): boolean {
  return c.simulator === 'DENIED' && (c.replay === 'ALLOWED' || c.prover === 'POSSIBLE');
}

/** The reason for a difference, or undefined when none is known. */
export function explain(c: Case, comparison: Comparison): Explanation | undefined {
  const text = JSON.stringify(c.documents);
  if (comparison.replay === 'UNKNOWN' || comparison.prover === 'UNCLEAR') return 'UNDOCUMENTED';
  if (String(c.context['aws:SourceIp'] ?? '').includes(':') && text.includes('IpAddress')) return 'IPV6_AGAINST_IPV4';
  if (comparison.prover === 'POSSIBLE' && comparison.replay === 'DENIED' && text.includes(':assumed-role/')) return 'SESSION_NAME';
  return undefined;
}
