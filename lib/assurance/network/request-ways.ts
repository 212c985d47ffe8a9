import type { ConditionBlock, Estate } from '../prover';
import type { Network } from './network';

/** What the requests of a workload's own code look like to the policies of AWS, by the ways that the network leaves it. */
export type RequestWays =
  /** Some way does not go through an endpoint of the templates: nothing is known of its requests. */
  | { readonly ways: 'ANY'; readonly reasons: readonly string[] }
  /** Through these endpoints only: the condition that all of its requests meet. */
  | { readonly ways: 'ENDPOINTS'; readonly endpoints: readonly string[]; readonly where: ConditionBlock }
  /** It reaches no service at all. */
  | { readonly ways: 'NONE' };

/**
 * Joins network and policies: put `where` into an attack, and it asks what the workload can do from where it stands.
 *
 * It speaks of the workload's own code. Services of AWS that act with the same role, as SageMaker does when it fetches a model, stand
 * elsewhere.
 *
 * @throws `NetworkError` `UNKNOWN_PLACE`
 */
export function requestWays(network: Network, workload: string, estate: Estate): RequestWays {
  const exits = network.exits(workload);
  const beyond = exits.filter((exit) => exit.kind !== 'AWS_SERVICE');
  if (beyond.length > 0) {
    return { ways: 'ANY', reasons: beyond.map((exit) => `${exit.to}: ${exit.path ? 'nothing declared blocks the way' : exit.reasons.join('; ')}`) };
  }
  const used = network.endpoints.filter((endpoint) => exits.some((exit) => exit.to === endpoint.id));
  const known = used.map((endpoint) => ({ endpoint, found: estate.endpoints.filter((e) => e.id === endpoint.logicalId) }));
  const lost = known.filter(({ found }) => found.length === 0);
  if (lost.length > 0) return { ways: 'ANY', reasons: lost.map(({ endpoint }) => `policies do not know the endpoint ${endpoint.id}`) };
  if (used.length === 0) return { ways: 'NONE' };
  const ids = [...new Set(known.flatMap(({ found }) => found.map((e) => e.endpointId)))];
  return { ways: 'ENDPOINTS', endpoints: used.map((e) => e.id), where: { StringEquals: { 'aws:SourceVpce': ids } } };
}
