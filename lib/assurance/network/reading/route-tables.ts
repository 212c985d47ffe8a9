import type { Resource, TemplateModel, Value } from '../../template';
import { Unknown, isList } from '../../template';
import { ALL_PORTS, ALL_PROTOCOLS } from '../box';
import type { KnownRange, Route, RouteTarget, Vpc } from '../parts';
import { doubtOf, handleOf, textOf } from './handle';
import { prefixListRanges } from './prefix-lists';
import { knownRange, peerBox, wholeFamily } from './ranges';

const ANY_PORTS = { protocol: ALL_PROTOCOLS, port: ALL_PORTS };

/** Route tables of the templates by subnet. */
export class RouteTables {
  private readonly routes = new Map<string, Route[]>();
  private readonly bySubnet = new Map<string, { readonly table: string; readonly unsure?: string }[]>();

  constructor(
    private readonly model: TemplateModel,
    private readonly gaps: Set<string>,
  ) {
    for (const route of model.ofType('AWS::EC2::Route')) this.declare(route);
    for (const propagation of model.ofType('AWS::EC2::VPNGatewayRoutePropagation')) this.propagate(propagation);
    for (const link of model.ofType('AWS::EC2::SubnetRouteTableAssociation')) {
      const [subnet, table] = [handleOf(link.at('SubnetId')).id, handleOf(link.at('RouteTableId')).id];
      if (subnet === undefined || table === undefined) {
        gaps.add(`the subnet or the route table that ${link.id} joins is not known`);
        continue;
      }
      const doubt = doubtOf(link);
      this.bySubnet.set(subnet, [...(this.bySubnet.get(subnet) ?? []), { table, ...(doubt ? { unsure: doubt } : {}) }]);
    }
  }

  /** Route tables that a subnet has or may have. */
  tablesOf(subnet: string): readonly string[] {
    return (this.bySubnet.get(subnet) ?? []).map((link) => link.table);
  }

  /** The routes of a subnet, the longest prefix first. A table of its VPC that no template names holds the local route alone. */
  ofSubnet(subnet: string, vpc: Vpc): Route[] {
    const links = this.bySubnet.get(subnet) ?? [];
    const routes = links.flatMap((link) => {
      const own = this.routes.get(link.table) ?? [];
      const doubt = link.unsure ?? (links.length > 1 ? `${subnet} is joined to several route tables` : undefined);
      const listed = doubt === undefined ? own : own.map((route) => ({ ...route, unsure: doubt }));
      return this.model.resource(link.table)?.type === 'AWS::EC2::RouteTable' ? listed : [...listed, anywhere(link.table)];
    });
    const unknown = links.length === 0 && vpc.outside ? [anywhere(`the route table of ${subnet}`)] : [];
    return byPrefix([...routes, ...unknown, ...localRoutes(vpc)]);
  }

  private declare(route: Resource): void {
    const table = handleOf(route.at('RouteTableId')).id;
    if (table === undefined) {
      this.gaps.add(`the route table that ${route.id} belongs to is not known`);
      return;
    }
    const target = this.target(route);
    const doubt = doubtOf(route);
    for (const [text, { range, unsure }] of this.destinations(route)) {
      const reason = doubt ?? unsure;
      const made: Route = {
        prefix: unsure === undefined ? prefixOf(range) : 200,
        target,
        boxes: [peerBox(range, ANY_PORTS, true)],
        hop: { resource: route.id, says: `routes ${text} ${describeTarget(target)}` },
        ...(reason ? { unsure: reason } : {}),
      };
      this.routes.set(table, [...(this.routes.get(table) ?? []), made]);
    }
  }

  private destinations(route: Resource): [string, KnownRange][] {
    if (route.opaque !== undefined) return anyDestination(route.opaque.reason);
    const [four, six, list] = ['DestinationCidrBlock', 'DestinationIpv6CidrBlock', 'DestinationPrefixListId'].map((p) => route.at(p));
    const text = (value: Value): string => textOf(value) ?? 'addresses that are not known';
    return [
      ...(four === undefined ? [] : [[text(four), knownRange(four, 4, route.id)] as [string, KnownRange]]),
      ...(six === undefined ? [] : [[text(six), knownRange(six, 6, route.id)] as [string, KnownRange]]),
      ...(list === undefined ? [] : prefixListRanges(list, this.model).ranges.map((r): [string, KnownRange] => ['a prefix list', r])),
    ];
  }

  private target(route: Resource): RouteTarget {
    if (route.opaque !== undefined) return { to: 'ANYWHERE', reason: route.opaque.reason };
    const value = (name: string): Value | undefined => route.at(name);
    const gateway = value('GatewayId');
    if (gateway !== undefined) return this.gateway(gateway);
    if (value('EgressOnlyInternetGatewayId') !== undefined) return { to: 'INTERNET', oneWay: true };
    const nat = value('NatGatewayId');
    if (nat !== undefined) {
      const { id, reason } = handleOf(nat);
      const resource = id === undefined ? undefined : this.model.resource(id);
      return { to: 'NAT', id: id ?? reason, subnet: resource && handleOf(resource.at('SubnetId')).id };
    }
    const [peering, transit] = [value('VpcPeeringConnectionId'), value('TransitGatewayId')];
    if (peering !== undefined) return { to: 'PEERING', id: handleOf(peering).id ?? handleOf(peering).reason };
    if (transit !== undefined) return { to: 'TRANSIT', id: handleOf(transit).id ?? handleOf(transit).reason };
    const [carrier, local, core] = ['CarrierGatewayId', 'LocalGatewayId', 'CoreNetworkArn'].map(value);
    if (carrier !== undefined) return { to: 'INTERNET', oneWay: false };
    if (local !== undefined) return { to: 'OUTSIDE', name: 'the network behind a local gateway' };
    if (core !== undefined) return { to: 'OUTSIDE', name: 'whatever is attached to a core network' };
    for (const [name, what] of [['InstanceId', 'a machine'], ['NetworkInterfaceId', 'a network interface'], ['VpcEndpointId', 'an endpoint that inspects']] as const) {
      const found = value(name);
      if (found !== undefined) return { to: 'ANYWHERE', reason: `where ${what} (${handleOf(found).id ?? 'not known'}) passes packets on to is not in the templates` };
    }
    return { to: 'NOWHERE' };
  }

  private gateway(value: Value): RouteTarget {
    const { id, reason } = handleOf(value);
    if (id === 'local') return { to: 'LOCAL' };
    const type = id === undefined ? undefined : this.model.resource(id)?.type;
    if (type === 'AWS::EC2::InternetGateway' || id?.startsWith('igw-')) return { to: 'INTERNET', oneWay: false };
    if (type === 'AWS::EC2::VPNGateway' || id?.startsWith('vgw-')) return { to: 'OUTSIDE', name: `the network behind ${id ?? reason}` };
    return { to: 'ANYWHERE', reason: `what the gateway ${id ?? `(${reason})`} leads to is not known` };
  }

  private propagate(propagation: Resource): void {
    const gateway = handleOf(propagation.at('VpnGatewayId'));
    const tables = propagation.at('RouteTableIds');
    if (tables instanceof Unknown) this.gaps.add(`the route tables of ${propagation.id} are not known`);
    for (const item of isList(tables) ? tables : []) {
      const { id } = handleOf(item);
      if (id === undefined) this.gaps.add(`a route table of ${propagation.id} is not known`);
      else this.routes.set(id, [...(this.routes.get(id) ?? []), ...propagated(propagation.id, gateway.id ?? gateway.reason)]);
    }
  }
}

/** Local routes of a VPC. */
function localRoutes(vpc: Vpc): Route[] {
  return vpc.ranges.map(({ range, unsure }) => ({
    prefix: prefixOf(range),
    target: { to: 'LOCAL' as const },
    boxes: [peerBox(range, ANY_PORTS, true)],
    hop: { resource: vpc.id, says: 'routes its own addresses inside' },
    ...(unsure ? { unsure } : {}),
  }));
}

function propagated(id: string, gateway: string): Route[] {
  return anyDestination(`which addresses ${id} brings is not in the templates`).map(([, { range, unsure }]) => ({
    prefix: 200,
    target: { to: 'OUTSIDE', name: `the network behind ${gateway}` },
    boxes: [peerBox(range, ANY_PORTS, true)],
    hop: { resource: id, says: `brings the routes of ${gateway}` },
    unsure,
  }));
}

function anywhere(table: string): Route {
  const unsure = `the routes of ${table} are not in the templates`;
  return {
    prefix: 200,
    target: { to: 'ANYWHERE', reason: unsure },
    boxes: [4 as const, 6 as const].map((family) => peerBox(wholeFamily(family), ANY_PORTS, true)),
    hop: { resource: table, says: 'may route anywhere' },
    unsure,
  };
}

function anyDestination(unsure: string): [string, KnownRange][] {
  return [4 as const, 6 as const].map((family) => ['addresses that are not known', { range: wholeFamily(family), unsure }]);
}

/** Routes with the longest prefix first; those that may be any come before all. */
export function byPrefix(routes: readonly Route[]): Route[] {
  return [...routes].sort((a, b) => b.prefix - a.prefix);
}

/** Length of a prefix, the same scale for both families: the number of bits that are fixed. */
export function prefixOf({ family, from, to }: { readonly family: 4 | 6; readonly from: bigint; readonly to: bigint }): number {
  return (family === 4 ? 32 : 128) - (to - from + 1n).toString(2).length + 1;
}

function describeTarget(target: RouteTarget): string {
  switch (target.to) {
    case 'LOCAL':
      return 'inside the VPC';
    case 'INTERNET':
      return 'to the internet';
    case 'NOWHERE':
      return 'nowhere';
    case 'OUTSIDE':
      return `to ${target.name}`;
    case 'ANYWHERE':
      return 'to something that passes packets on';
    case 'NAT':
      return `through the NAT gateway ${target.id}`;
    case 'PEERING':
      return `over the peering ${target.id}`;
    case 'TRANSIT':
      return `over the transit gateway ${target.id}`;
  }
}
