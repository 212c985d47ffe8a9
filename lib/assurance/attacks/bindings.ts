import type { Estate, GroundPolicy } from '../prover';

/** Names that every attack may use beside its subjects. */
export const COMMON_NAMES = [
  'accounts',
  'organization',
  'operators',
  'regions',
  'logs',
  'ownBuckets',
  'ownKeys',
  'ownQueues',
  'ownEndpoints',
  'endpoints',
  'trustedAccounts',
  'trustedPaths',
  'answers',
] as const;

/** A value for each of the names: a name without one would make attacks on nothing. */
export type CommonBindings = Readonly<Record<(typeof COMMON_NAMES)[number], readonly string[]>>;

/** What the organisation says about itself; everything else is taken from the templates. */
export interface Surroundings {
  /** ARN patterns of those who may change and delete things: deployment and break-glass roles. */
  readonly operators: readonly string[];
  /** Regions in which data may be. */
  readonly regions: readonly string[];
  /** Regions that the stacks are deployed to. */
  readonly stackRegions: readonly string[];
}

/** Values for the names that every attack may use. */
export function commonBindings(estate: Estate, logs: readonly string[], around: Surroundings): CommonBindings {
  const { operators, regions, stackRegions } = around;
  const own = estate.endpoints.map((e) => e.endpointId);
  const arnsOf = (service: string): string[] => estate.targets.filter((t) => t.service === service).map((t) => t.arns[0]);
  return {
    accounts: estate.accounts,
    organization: estate.organizationId === undefined ? [] : [estate.organizationId],
    operators,
    regions,
    logs,
    ownBuckets: arnsOf('s3'),
    ownKeys: arnsOf('kms'),
    ownQueues: arnsOf('sqs'),
    ownEndpoints: own,
    // Policies name endpoints that lie in other templates, accounts that read, and parts of an organisation.
    endpoints: [...new Set([...own, ...valuesOf(estate, ['aws:sourcevpce'])])],
    trustedAccounts: namedAccounts(estate),
    trustedPaths: [...new Set(valuesOf(estate, ['aws:principalorgpaths', 'aws:vpceorgpaths']))],
    // CloudFormation's own buckets, in full: names that only begin like them are free for anybody to take.
    answers: stackRegions.map((region) => `arn:*:s3:::cloudformation-custom-resource-response-${region.replaceAll('-', '')}/*`),
  };
}

function namedAccounts({ principals }: Estate): string[] {
  return principals.flatMap((p) => (p.type === 'FOREIGN' && p.account !== undefined && p.id === `account ${p.account}` ? [p.account] : []));
}

function valuesOf(estate: Estate, keys: readonly string[]): string[] {
  const policies: GroundPolicy[] = estate.targets.flatMap((t) => t.policies);
  return policies.flatMap(({ statements }) =>
    statements.flatMap(({ conditions }) =>
      conditions
        .filter((test) => keys.includes(test.foldedKey))
        .flatMap((test) => test.values.flatMap(({ pieces }) => (pieces.length === 1 && 'text' in pieces[0] ? [pieces[0].text] : []))),
    ),
  );
}
