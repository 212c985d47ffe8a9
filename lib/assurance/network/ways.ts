import type { Box } from './box';
import { TCP, answersTo, intersect } from './box';
import type { Flow, Hop } from './flow';
import { bounded, distinct, pass, remaining, through } from './flow';
import type { AclEntry, Peering, Placement, Route, SecurityGroup, Subnet, TransitGateway, Vpc } from './parts';

/** Where packets come to when routing has done its work. */
export type Arrival = { readonly flow: Flow } & (
  | { readonly at: 'VPC'; readonly vpc: Vpc }
  | { readonly at: 'INTERNET' }
  /** A network that is not part of the templates. */
  | { readonly at: 'OUTSIDE'; readonly name: string }
  /** Something passes them on to where the templates do not say. */
  | { readonly at: 'ANYWHERE'; readonly reason: string }
);

/** What joins VPCs. */
export interface Joins {
  readonly peerings: ReadonlyMap<string, Peering>;
  readonly gateways: ReadonlyMap<string, TransitGateway>;
  readonly subnet: (id: string) => Subnet;
}

/** Gateways behind each other, at most; what goes on further may go anywhere. */
const MAX_GATEWAYS = 4;

/** Leaves the groups of a placement, or enters them: each group adds to what is let through. */
export function throughGroups(groups: readonly SecurityGroup[], side: 'ingress' | 'egress', flows: readonly Flow[], peers: readonly SecurityGroup[]): Flow[] {
  const passed: Flow[] = [];
  for (const group of groups) {
    for (const rule of group[side]) {
      if (rule.members === undefined || peers.some((p) => p.id === rule.members)) passed.push(...pass(flows, rule));
      else if (peers.some((p) => p.anyGroup)) passed.push(...pass(flows, { ...rule, unsure: `whether a group that is not known is ${rule.members}` }));
      bounded(passed, rule.hop);
    }
  }
  return distinct(passed);
}

/** The packets that a network ACL lets through. */
export function throughAcl(entries: readonly AclEntry[], flows: readonly Flow[]): Flow[] {
  let rest: readonly Flow[] = flows;
  const passed: Flow[] = [];
  for (const entry of entries) {
    if (entry.allow) passed.push(...pass(rest, entry));
    rest = remaining(rest, entry);
  }
  return passed;
}

/** Follows routes. */
export class Ways {
  constructor(private readonly joins: Joins) {}

  /** Where packets that leave a subnet come to. */
  from(subnet: Subnet, flows: readonly Flow[], gateways = 0): Arrival[] {
    return routed(subnet.routes, flows).flatMap(({ route, flows: taken }): Arrival[] => {
      const { target } = route;
      switch (target.to) {
        case 'NOWHERE':
          return [];
        case 'LOCAL':
          return taken.map((flow) => ({ at: 'VPC', vpc: subnet.vpc, flow }));
        case 'INTERNET':
          return taken.map((flow) => ({ at: 'INTERNET', flow }));
        case 'OUTSIDE':
          return taken.map((flow) => ({ at: 'OUTSIDE', name: target.name, flow }));
        case 'ANYWHERE':
          return anywhere(taken, target.reason);
        case 'NAT':
          return this.nat(target.subnet, target.id, subnet, taken, gateways);
        case 'PEERING':
          return this.peering(target.id, subnet.vpc, taken);
        case 'TRANSIT':
          return this.transit(target.id, subnet.vpc, taken, gateways);
      }
    });
  }

  private nat(id: string | undefined, gateway: string, from: Subnet, flows: readonly Flow[], gateways: number): Arrival[] {
    if (id === undefined) return anywhere(flows, `the subnet of the NAT gateway ${gateway} is not in the templates`);
    if (gateways >= MAX_GATEWAYS) return anywhere(flows, `the way through ${gateway} has too many gateways to follow`);
    const subnet = this.joins.subnet(id);
    return this.from(subnet, passing(subnet, from, flows), gateways + 1);
  }

  private peering(id: string, vpc: Vpc, flows: readonly Flow[]): Arrival[] {
    const peering = this.joins.peerings.get(id);
    if (peering === undefined) return flows.map((flow) => ({ at: 'OUTSIDE', name: `the peer of ${id}`, flow }));
    const [a, b] = peering.vpcs;
    const far = [a, b].filter((end) => end.id !== vpc.id);
    const hop: Hop = { resource: id, says: `joins ${a.id} and ${b.id}` };
    return far.flatMap((end) =>
      through(flows, hop, peering.unsure).map((flow): Arrival => (end.outside ? { at: 'OUTSIDE', name: end.id, flow } : { at: 'VPC', vpc: end, flow })),
    );
  }

  private transit(id: string, vpc: Vpc, flows: readonly Flow[], gateways: number): Arrival[] {
    const gateway = this.joins.gateways.get(id);
    const own = gateway?.attachments.filter((a) => a.vpc.id === vpc.id) ?? [];
    if (gateway === undefined || own.length === 0) return flows.map((flow) => ({ at: 'OUTSIDE', name: `whatever is attached to ${id}`, flow }));
    if (gateways >= MAX_GATEWAYS) return anywhere(flows, `the way through ${id} has too many gateways to follow`);
    return own.flatMap((attachment) =>
      routed(gateway.routesFrom(attachment), through(flows, { resource: attachment.id, says: `takes packets to ${id}` }, attachment.unsure)).flatMap(
        ({ route, flows: taken }): Arrival[] => {
          const { target } = route;
          if (target.to === 'OUTSIDE') return taken.map((flow) => ({ at: 'OUTSIDE', name: target.name, flow }));
          if (target.to !== 'TRANSIT') return [];
          const next = gateway.attachments.filter((a) => a.id === target.id);
          return next.flatMap((a) => a.subnets.flatMap((s) => this.from(s, passing(s, undefined, taken), gateways + 1)));
        },
      ),
    );
  }
}

/** Packets by the route that they take: the longest prefix, and all routes of one length. */
export function routed(routes: readonly Route[], flows: readonly Flow[]): { readonly route: Route; readonly flows: Flow[] }[] {
  const taken: { route: Route; flows: Flow[] }[] = [];
  let rest: readonly Flow[] = flows;
  for (let at = 0; at < routes.length && rest.length > 0; ) {
    const same = routes.slice(at).filter((r) => r.prefix === routes[at].prefix);
    for (const route of same) {
      const passed = pass(rest, route);
      if (passed.length > 0) taken.push({ route, flows: passed });
    }
    for (const route of same) rest = remaining(rest, route);
    at += same.length;
  }
  return taken;
}

/** Into a subnet and out of it again. */
function passing(subnet: Subnet, from: Subnet | undefined, flows: readonly Flow[]): Flow[] {
  return subnet.id === from?.id ? [...flows] : throughAcl(subnet.acl.outbound, throughAcl(subnet.acl.inbound, flows));
}

function anywhere(flows: readonly Flow[], reason: string): Arrival[] {
  return flows.map((flow) => ({ at: 'ANYWHERE', reason, flow }));
}

/**
 * Keeps of TCP only what answers can come back to: network ACLs and routes of the other side look at them on their own.
 *
 * Packets of other protocols are on their way without any answer.
 */
export function answered(flows: readonly Flow[], back: (answers: Flow) => readonly Flow[]): Flow[] {
  return flows.flatMap((flow) => {
    const { protocol } = flow.box;
    if (protocol.from > TCP || protocol.to < TCP) return [flow];
    const only = (from: bigint, to: bigint): Flow[] => (from > to ? [] : [{ ...flow, box: { ...flow.box, protocol: { from, to } } }]);
    const [tcp] = only(TCP, TCP);
    const answers = back({ box: answersTo(tcp.box), hops: [], unsure: [] });
    const conversations = answers.flatMap((answer) => {
      const box: Box | undefined = intersect(tcp.box, { ...tcp.box, source: answer.box.destination, destination: answer.box.source });
      return box === undefined ? [] : [{ box, hops: flow.hops, unsure: [...new Set([...flow.unsure, ...answer.unsure])] }];
    });
    return [...conversations, ...only(protocol.from, TCP - 1n), ...only(TCP + 1n, protocol.to)];
  });
}

/** Every pair of a subnet of one placement and one of another. */
export function pairs(from: Placement, to: Placement): [Subnet, Subnet][] {
  return from.subnets.flatMap((s) => to.subnets.map((d): [Subnet, Subnet] => [s, d]));
}
