/**
 * What construct, handler and test agree on. Nothing here imports the CDK or the SDK, so that each side can load it.
 */

/** An AWS service that handlers and workloads of this library call, by the name of its VPC endpoint. */
export type AwsServiceId =
  | 'dynamodb' | 'ecr.api' | 'ecr.dkr' | 'events' | 'execute-api' | 'kms' | 'logs' | 'monitoring'
  | 's3' | 'sagemaker.api' | 'sagemaker.runtime' | 'secretsmanager' | 'sns' | 'sqs' | 'states' | 'sts';

/** One SDK operation that a handler makes, and what authorises it. */
export interface AwsCall {
  readonly service: AwsServiceId;
  /** The SDK command without the word `Command`, for example `GetObject`. */
  readonly operation: string;
  /** Permissions that authorise it, or that decide what it is answered, by the resource that the construct binds to the slot. */
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
  /** The prefix of its IAM actions. */
  readonly actionPrefix: string;
  /** Host names that a handler resolves, with `<region>` and `<suffix>` in place of the region and the partition's DNS suffix. */
  readonly hosts: readonly string[];
}

const ENDPOINTS: Readonly<Record<AwsServiceId, ServiceEndpoint>> = {
  // SDKs address DynamoDB by account: `<account>.ddb.<region>`.
  dynamodb: gateway('dynamodb', ['dynamodb.<region>.<suffix>', '*.ddb.<region>.<suffix>']),
  'ecr.api': interfaceTo('ecr.api', 'ecr', ['api.ecr.<region>.<suffix>']),
  'ecr.dkr': interfaceTo('ecr.dkr', 'ecr', ['*.dkr.ecr.<region>.<suffix>']),
  events: interfaceTo('events', 'events'),
  'execute-api': interfaceTo('execute-api', 'execute-api', ['*.execute-api.<region>.<suffix>']),
  kms: interfaceTo('kms', 'kms'),
  logs: interfaceTo('logs', 'logs'),
  monitoring: interfaceTo('monitoring', 'cloudwatch'),
  s3: gateway('s3', ['s3.<region>.<suffix>', '*.s3.<region>.<suffix>']),
  'sagemaker.api': interfaceTo('sagemaker.api', 'sagemaker', ['api.sagemaker.<region>.<suffix>']),
  'sagemaker.runtime': interfaceTo('sagemaker.runtime', 'sagemaker', ['runtime.sagemaker.<region>.<suffix>']),
  secretsmanager: interfaceTo('secretsmanager', 'secretsmanager'),
  sns: interfaceTo('sns', 'sns'),
  sqs: interfaceTo('sqs', 'sqs'),
  states: interfaceTo('states', 'states'),
  sts: interfaceTo('sts', 'sts'),
};

function gateway(service: AwsServiceId, hosts: readonly string[]): ServiceEndpoint {
  return { service, type: 'Gateway', actionPrefix: service, hosts };
}

function interfaceTo(service: AwsServiceId, actionPrefix: string, hosts = [`${service}.<region>.<suffix>`]): ServiceEndpoint {
  return { service, type: 'Interface', actionPrefix, hosts };
}

/** The services that have an entry, in order. */
export const AWS_SERVICES: readonly AwsServiceId[] = (Object.keys(ENDPOINTS) as AwsServiceId[]).sort();

/**
 * The way to one service.
 *
 * @throws when the library does not know the service
 */
export function endpointOf(service: string): ServiceEndpoint {
  if (!Object.hasOwn(ENDPOINTS, service)) throw new Error(`service '${service}' is not known: name one of ${AWS_SERVICES.join(', ')}`);
  return ENDPOINTS[service as AwsServiceId];
}

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

/** The services that a handler calls itself, for its network segment. */
export function servicesOf(contract: HandlerContract): AwsServiceId[] {
  return endpointsOf(contract).map(({ service }) => service);
}

/** The lines of a handler in the policy of one endpoint: what it calls directly, nothing that a service does for it. */
export function endpointPermitsOf(contract: HandlerContract, service: AwsServiceId): Permit[] {
  return permitsOf({ ...contract, calls: contract.calls.filter((call) => call.service === service) }).filter((permit) => !permit.through);
}
