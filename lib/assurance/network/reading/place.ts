import type { Resource, Value } from '../../template';
import { Unknown, isDict } from '../../template';
import type { NetworkNode, Placement } from '../parts';
import { truthOf } from './handle';
import type { SecurityGroups } from './security-groups';
import type { Vpcs } from './vpcs';

/** Puts subnets and groups together. */
export interface Places {
  readonly vpcs: Vpcs;
  readonly groups: SecurityGroups;
}

/** Where something runs. */
export type Place = Omit<NetworkNode, 'id' | 'type'>;

/** A workload in a VPC. */
export function placed(place: Placement): Place {
  return { placements: [place], unclear: [] };
}

/** A workload whose place is not known. */
export function unknownPlace(reason: string): Place {
  return { placements: [], unclear: [reason] };
}

/** A workload on a network of AWS, which leads to the internet. */
export function managed(resource: string, says: string, unsure?: string): Place {
  return { placements: [], managed: { resource, says, ...(unsure ? { unsure } : {}) }, unclear: [] };
}

/** Reads subnets and groups of a configuration. */
export function placement(config: Value, subnets: string, groups: string, { vpcs, groups: known }: Places): Placement {
  const dict = isDict(config) ? config : {};
  const places = vpcs.named(dict[subnets]);
  const own = known.named(dict[groups]);
  // An interface without a group of its own has the default one of its VPC.
  const defaults = places.flatMap((s) => known.byId(`${s.vpc.id}.DefaultSecurityGroup`) ?? known.named('the default group of a VPC'));
  return { subnets: places, groups: own.length > 0 ? own : defaults };
}

/** Job settings of SageMaker: network isolation cuts the container off, and a VPC places it; without either AWS gives it the internet. */
export function isolatedOr(resource: Resource, network: Value | undefined, places: Places, vpc = 'VpcConfig'): Place {
  if (network instanceof Unknown) return unknownPlace(network.reason);
  const dict = isDict(network) ? network : {};
  const isolation = dict.EnableNetworkIsolation;
  if (truthOf(isolation) === true) {
    const behind = isDict(dict[vpc]) ? [placement(dict[vpc], 'Subnets', 'SecurityGroupIds', places)] : [];
    return { placements: [], isolated: 'network isolation is on', behind, unclear: [] };
  }
  const open = isolation !== undefined && truthOf(isolation) === undefined;
  const doubt = open ? [`whether ${resource.id} is isolated is decided later${isolation instanceof Unknown ? `: ${isolation.reason}` : ''}`] : [];
  const config = dict[vpc];
  if (config instanceof Unknown) return unknownPlace(config.reason);
  const found = isDict(config)
    ? placed(placement(config, 'Subnets', 'SecurityGroupIds', places))
    : managed(resource.id, 'has neither a VPC nor network isolation, so it reaches the internet');
  return { ...found, unclear: [...found.unclear, ...doubt] };
}
