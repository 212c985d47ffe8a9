import type { Resource, TemplateModel, Value } from '../../template';
import { listOf } from '../../template';
import type { KnownRange, Subnet, Vpc } from '../parts';
import type { AccessLists } from './access-lists';
import { doubtOf, handleOf, truthOf } from './handle';
import { blockOf, knownRange, wholeFamily } from './ranges';
import type { RouteTables } from './route-tables';

/** VPCs and subnets of the templates, and stand-ins for those that they only name. */
export class Vpcs {
  private readonly vpcs = new Map<string, Vpc>();
  private readonly subnets = new Map<string, Subnet>();

  constructor(
    private readonly model: TemplateModel,
    private readonly acls: AccessLists,
    private readonly tables: RouteTables,
  ) {
    for (const resource of model.ofType('AWS::EC2::VPC')) this.vpcs.set(resource.id, { id: resource.id, ranges: this.rangesOf(resource), outside: false });
    for (const resource of model.ofType('AWS::EC2::Subnet')) this.subnets.set(resource.id, this.subnet(resource));
  }

  /** All VPCs of the templates. */
  all(): Vpc[] {
    return [...this.vpcs.values()].filter((vpc) => !vpc.outside);
  }

  /** Subnets of a VPC of the templates. */
  subnetsOf(vpc: string): Subnet[] {
    return [...this.subnets.values()].filter((subnet) => subnet.vpc.id === vpc);
  }

  /** A VPC by reference. */
  vpc(value: Value | undefined): Vpc {
    const { id, reason } = handleOf(value);
    const key = id ?? `a VPC that is not known (${reason})`;
    const known = this.vpcs.get(key);
    if (known !== undefined) return known;
    const vpc: Vpc = { id: key, ranges: anyAddress(`the addresses of ${key} are not in the templates`), outside: true };
    this.vpcs.set(key, vpc);
    return vpc;
  }

  /** The subnets that a list names. */
  named(value: Value | undefined): Subnet[] {
    return listOf(value).map((item) => {
      const { id, reason } = handleOf(item);
      return this.byId(id ?? `a subnet that is not known (${reason})`);
    });
  }

  /** A subnet by its id. */
  byId(id: string): Subnet {
    const known = this.subnets.get(id);
    if (known !== undefined) return known;
    const vpc: Vpc = { id: `the VPC of ${id}`, ranges: anyAddress(`the VPC of ${id} is not in the templates`), outside: true };
    const subnet: Subnet = {
      id,
      vpc,
      ranges: vpc.ranges,
      routes: this.tables.ofSubnet(id, vpc),
      acl: this.acls.of(id, vpc.id, true),
    };
    this.subnets.set(id, subnet);
    return subnet;
  }

  private subnet(resource: Resource): Subnet {
    const vpc = this.vpc(resource.at('VpcId'));
    return {
      id: resource.id,
      vpc,
      ranges: this.subnetRanges(resource, vpc),
      routes: this.tables.ofSubnet(resource.id, vpc),
      acl: this.acls.of(resource.id, vpc.id, vpc.outside),
    };
  }

  private subnetRanges(resource: Resource, vpc: Vpc): KnownRange[] {
    if (resource.opaque !== undefined) return anyAddress(resource.opaque.reason);
    const doubt = doubtOf(resource);
    const [four, six] = [resource.at('CidrBlock'), resource.at('Ipv6CidrBlock')];
    const native = truthOf(resource.at('Ipv6Native')) ?? false;
    const found: KnownRange[] = [];
    if (four !== undefined) found.push(this.known(four, 4, resource.id));
    else if (!native) found.push({ range: wholeFamily(4), unsure: `the IPv4 range of ${resource.id} is chosen at deploy time` });
    if (six !== undefined) found.push(this.known(six, 6, resource.id));
    else if (resource.at('Ipv6IpamPoolId') !== undefined || resource.at('Ipv6NetmaskLength') !== undefined)
      found.push({ range: wholeFamily(6), unsure: `the IPv6 range of ${resource.id} is chosen at deploy time` });
    return within(found, vpc).map((r) => (doubt && r.unsure === undefined ? { ...r, unsure: doubt } : r));
  }

  private known(value: Value, family: 4 | 6, where: string): KnownRange {
    return knownRange(blockOf(value, this.model), family, where);
  }

  private rangesOf(resource: Resource): KnownRange[] {
    if (resource.opaque !== undefined) return anyAddress(resource.opaque.reason);
    const four = resource.at('CidrBlock');
    const found: KnownRange[] = [
      four === undefined
        ? { range: wholeFamily(4), unsure: `the IPv4 range of ${resource.id} is chosen at deploy time` }
        : knownRange(four, 4, resource.id),
    ];
    for (const more of this.model.ofType('AWS::EC2::VPCCidrBlock')) {
      const { id } = handleOf(more.at('VpcId'));
      if (id !== undefined && id !== resource.id) continue;
      const doubt = id === undefined ? `the VPC of ${more.id} is not known` : doubtOf(more);
      const [v4, v6] = [more.at('CidrBlock'), more.at('Ipv6CidrBlock')];
      const add = (range: KnownRange): void => void found.push(doubt ? { ...range, unsure: doubt } : range);
      if (v4 !== undefined) add(knownRange(v4, 4, more.id));
      if (v6 !== undefined) add(knownRange(v6, 6, more.id));
      if (v4 === undefined && v6 === undefined) add({ range: wholeFamily(6), unsure: `AWS chooses the IPv6 range of ${resource.id}` });
    }
    return found;
  }
}

/** A subnet whose range is not known lies in its VPC all the same. */
function within(ranges: readonly KnownRange[], vpc: Vpc): KnownRange[] {
  return ranges.flatMap((range) => {
    if (range.unsure === undefined) return [range];
    const same = vpc.ranges.filter((r) => r.range.family === range.range.family);
    return same.length === 0 ? [range] : same.map((r) => ({ range: r.range, unsure: range.unsure ?? r.unsure }));
  });
}

function anyAddress(unsure: string): KnownRange[] {
  return [4 as const, 6 as const].map((family) => ({ range: wholeFamily(family), unsure }));
}
