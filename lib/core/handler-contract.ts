/**
 * What construct, handler and test agree on. Nothing here imports the CDK or the SDK, so that each side can load it.
 */

/** An AWS service that handlers of this library call, by its SDK client. */
export type AwsServiceId = 's3';

/** One SDK operation that a handler makes, and what authorises it. */
export interface AwsCall {
  readonly service: AwsServiceId;
  /** The SDK command without the word `Command`, for example `GetObject`. */
  readonly operation: string;
  /** Permissions that authorise it, by the resource that the construct binds to the slot. */
  readonly permits: readonly Permit[];
}

/** Actions on the resources of one slot. */
export interface Permit {
  readonly actions: readonly string[];
  /** A name that the construct binds to ARNs, for example `servedObjects`. */
  readonly slot: string;
  /** The service that makes the call on the handler's behalf, as in S3 decrypting with KMS: the permission holds through it only. */
  readonly through?: AwsServiceId;
}

/** The agreement of a construct with its handler. */
export interface HandlerContract {
  /** The area's folder and the file name without `.lambda.ts`: together they name the bundle. */
  readonly area: string;
  readonly name: string;
  /** Names of the environment variables that the construct sets and the handler reads. */
  readonly environment: readonly string[];
  /** Every AWS call that the handler makes. Role, endpoints, endpoint policies and DNS names all derive from it. */
  readonly calls: readonly AwsCall[];
}

/** A network way to a service from a segment without internet. */
export interface ServiceEndpoint {
  readonly service: AwsServiceId;
  readonly type: 'Gateway' | 'Interface';
  /** Host names that a handler resolves, with `<region>` and `<suffix>` in place of the region and the partition's DNS suffix. */
  readonly hosts: readonly string[];
}

const ENDPOINTS: Readonly<Record<AwsServiceId, ServiceEndpoint>> = {
  s3: { service: 's3', type: 'Gateway', hosts: ['s3.<region>.<suffix>', '*.s3.<region>.<suffix>'] },
};

/** The permits of a contract, one for each slot and way, with sorted actions. */
export function permitsOf(contract: HandlerContract): Permit[] {
  const bySlot = new Map<string, { slot: string; through?: AwsServiceId; actions: Set<string> }>();
  for (const { actions, slot, through } of contract.calls.flatMap((call) => call.permits)) {
    const key = `${slot}|${through ?? ''}`;
    const entry = bySlot.get(key) ?? { slot, ...(through ? { through } : {}), actions: new Set<string>() };
    for (const action of actions) entry.actions.add(action);
    bySlot.set(key, entry);
  }
  return [...bySlot.values()].map(({ actions, ...rest }) => ({ ...rest, actions: [...actions].sort() }));
}

/** The endpoints that the segment of a handler needs. */
export function endpointsOf(contract: HandlerContract): ServiceEndpoint[] {
  return [...new Set(contract.calls.map((call) => call.service))].sort().map((service) => ENDPOINTS[service]);
}

/** The lines of a handler in the policy of one endpoint: what it calls directly, nothing that a service does for it. */
export function endpointPermitsOf(contract: HandlerContract, service: AwsServiceId): Permit[] {
  return permitsOf({ ...contract, calls: contract.calls.filter((call) => call.service === service) }).filter((permit) => !permit.through);
}
