import type { TemplateModel } from '../template';
import { between } from './box';
import { NetworkError } from './error';
import type { Flow } from './flow';
import { through } from './flow';
import type { NetworkLayer } from './layer';
import { opened } from './layer';
import type { NetworkEndpoint, NetworkNode, Placement, Subnet } from './parts';
import { AccessLists } from './reading/access-lists';
import { endpoints } from './reading/endpoints';
import { peerings, transitGateways } from './reading/joins';
import { publicRanges, wholeFamily } from './reading/ranges';
import { RouteTables } from './reading/route-tables';
import { SecurityGroups } from './reading/security-groups';
import { Vpcs } from './reading/vpcs';
import { unreadWorkloads, workloads } from './reading/workloads';
import type { Exit, ReachVerdict } from './verdict';
import { verdictOf } from './verdict';
import type { Arrival } from './ways';
import { Ways, answered, pairs, routed, throughAcl, throughGroups } from './ways';

/** The internet, as the end of a way. */
export const INTERNET = 'internet';

/**
 * The network of templates: which packets the declared configuration does not block.
 *
 * Ways are taken widely: "no way" is claimed only when security groups, network ACLs and routes as declared let no packet through. A way
 * says that nothing declared stands on it, not that anybody listens at its end.
 */
export class Network {
  /** Reads the network of a model. */
  static of(model: TemplateModel): Network {
    return new Network(model);
  }

  /** What runs on the network: functions, endpoints of models, notebooks, jobs, services, machines, agents. */
  readonly workloads: readonly NetworkNode[];
  /** What runs code as well, and whose place on the network is not read: no claim is made about it. */
  readonly unread: readonly string[];
  /** VPC endpoints. */
  readonly endpoints: readonly NetworkEndpoint[];
  private readonly open = new Set<string>();
  private readonly nodes = new Map<string, NetworkNode>();
  private readonly tables: RouteTables;
  private readonly groups: SecurityGroups;
  private readonly vpcs: Vpcs;
  private readonly ways: Ways;

  private constructor(model: TemplateModel) {
    model.gaps.forEach((gap) => this.open.add(gap));
    this.tables = new RouteTables(model, this.open);
    this.groups = new SecurityGroups(model, this.open);
    this.vpcs = new Vpcs(model, new AccessLists(model, this.open), this.tables);
    this.ways = new Ways({
      peerings: peerings(model, this.vpcs),
      gateways: transitGateways(model, this.vpcs, this.open),
      subnet: (id) => this.vpcs.byId(id),
    });
    this.workloads = workloads(model, { vpcs: this.vpcs, groups: this.groups });
    this.unread = unreadWorkloads(model);
    this.endpoints = endpoints(model, this.vpcs, this.groups);
    for (const link of model.ofType('AWS::VpcLattice::ServiceNetworkVpcAssociation')) {
      this.open.add(`what ${link.id} opens to the VPC is not read`);
    }
    for (const node of [...this.workloads, ...this.endpoints, ...this.vpcNodes(), ...this.groupNodes()]) this.nodes.set(node.id, node);
  }

  /** VPCs of the templates, by id. */
  get vpcIds(): readonly string[] {
    return this.vpcs.all().map((vpc) => vpc.id);
  }

  /** What the templates leave open about the whole network: while there is any of it, nothing is proved. */
  get gaps(): readonly string[] {
    return [...this.open];
  }

  /** What every claim takes for granted. */
  get assumptions(): readonly string[] {
    return [
      'only what the templates declare is on the network: no peering, route, rule or address is added elsewhere',
      'a way says that the declared configuration does not block packets, not that anything answers',
      'names are resolved by the resolver of AWS, to which no group and no network ACL applies: the DNS firewall is a matter of its own',
    ];
  }

  /**
   * Whether packets can come from one place to another: ids of workloads, endpoints, security groups (an interface in it anywhere in its
   * VPC), VPCs (any interface in it), or `internet`.
   *
   * @throws {@link NetworkError} `UNKNOWN_PLACE`
   */
  reach(from: string, to: string): ReachVerdict {
    const [source, target] = [from, to].map((id) => (id === INTERNET ? undefined : this.node(id)));
    const unclear = [...(source?.unclear ?? []), ...(target?.unclear ?? [])];
    if (source?.isolated !== undefined || target?.isolated !== undefined) return verdictOf([], unclear, []);
    return verdictOf(this.flows(source, target), unclear, this.gaps);
  }

  /**
   * Every way out of the network that a workload, a group or a VPC is in.
   *
   * @param without layers that are taken to let everything through
   */
  exits(from: string, without: readonly NetworkLayer[] = []): readonly Exit[] {
    const node = opened(this.node(from), without);
    if (node.isolated !== undefined && node.unclear.length === 0) return [];
    const found: Exit[] = [];
    const add = (kind: Exit['kind'], to: string, flows: readonly Flow[], doubts: readonly string[] = [], guarded?: boolean): void => {
      if (flows.length === 0 && doubts.length === 0) return;
      const verdict = verdictOf(flows, [...node.unclear, ...(flows.length > 0 ? [] : doubts)], doubts);
      const path = verdict.verdict === 'REFUTED' ? { path: verdict.path } : {};
      const reasons = verdict.verdict === 'UNDETERMINED' ? verdict.reasons : [];
      found.push({ kind, to, ...path, reasons, ...(guarded === undefined ? {} : { guarded }) });
    };
    add('INTERNET', INTERNET, this.toInternet(node), [...node.unclear, ...this.gaps]);
    for (const [name, flows] of this.toOtherNetworks(node)) add('NETWORK', name, flows);
    for (const endpoint of this.endpoints.filter((e) => e.id !== node.id)) {
      const flows = endpoint.kind === 'GATEWAY' ? this.toGateway(node, endpoint) : this.flows(node, endpoint);
      const near = endpoint.kind === 'OTHER' && node.placements.some((p) => p.subnets.some((s) => s.vpc.id === endpoint.vpc));
      const open = near ? [`what ${endpoint.id} leads to is not read`] : flows.length > 0 ? endpoint.unclear : [];
      add(endpoint.ofAws ? 'AWS_SERVICE' : 'PARTNER', endpoint.id, flows, open, endpoint.hasPolicy);
    }
    return found;
  }

  /** The endpoints that a workload can use, by id. */
  endpointsOf(from: string): readonly string[] {
    return this.exits(from).flatMap((exit) => (this.endpoints.some((e) => e.id === exit.to) ? [exit.to] : []));
  }

  private node(id: string): NetworkNode {
    const node = this.nodes.get(id);
    if (node === undefined) {
      const known = [...this.nodes.keys()].slice(0, 5).join(', ');
      throw new NetworkError('UNKNOWN_PLACE', `nothing on the network has the id '${id}': use one such as ${known || 'stack/LogicalId'}`);
    }
    return node;
  }

  private flows(source: NetworkNode | undefined, target: NetworkNode | undefined): Flow[] {
    if (source === undefined) return target === undefined ? [] : target.placements.flatMap((p) => this.fromInternet(p));
    if (target === undefined) return this.toInternet(source);
    const own = source.placements.flatMap((from) => target.placements.flatMap((to) => this.between(from, to)));
    const { managed } = source;
    if (managed === undefined) return own;
    // On a network of AWS it is one of many on the internet.
    const outside = target.placements.flatMap((p) => through(this.fromInternet(p), managed, managed.unsure));
    return [...own, ...outside];
  }

  private between(from: Placement, to: Placement): Flow[] {
    return pairs(from, to).flatMap(([s, d]) => {
      let flows = throughGroups(from.groups, 'egress', start(s, d.ranges), to.groups);
      if (s.id === d.id) return throughGroups(to.groups, 'ingress', flows, from.groups);
      flows = this.carried(s, d, throughAcl(s.acl.outbound, flows));
      flows = throughGroups(to.groups, 'ingress', throughAcl(d.acl.inbound, flows), from.groups);
      return answered(flows, (answers) => throughAcl(s.acl.inbound, this.carried(d, s, throughAcl(d.acl.outbound, [answers]))));
    });
  }

  /** What routing brings from one subnet to another. */
  private carried(from: Subnet, to: Subnet, flows: readonly Flow[]): Flow[] {
    return this.ways.from(from, flows).flatMap((arrival) => {
      if (arrival.at === 'VPC') return arrival.vpc.id === to.vpc.id ? [arrival.flow] : [];
      if (arrival.at === 'ANYWHERE') return doubted(arrival.flow, arrival.reason);
      if (arrival.at === 'OUTSIDE' && to.vpc.outside) return doubted(arrival.flow, `whether ${arrival.name} is ${to.vpc.id}`);
      return [];
    });
  }

  private toInternet(node: NetworkNode): Flow[] {
    const { managed } = node;
    const own = managed === undefined ? [] : managedFlows(managed.resource, managed.says, managed.unsure);
    return [
      ...own,
      ...this.leaving(node).flatMap(({ arrival, subnet }) => {
        const flows = arrivedAtInternet(arrival);
        return answered(flows, (answers) => throughAcl(subnet.acl.inbound, [answers]));
      }),
    ];
  }

  /** Packets for addresses of the internet that routing takes somewhere. */
  private leaving(node: NetworkNode): { readonly arrival: Arrival; readonly subnet: Subnet }[] {
    const ranges = publicRanges().map((range) => ({ range }));
    return this.sent(node, ranges);
  }

  private sent(node: NetworkNode, ranges: Parameters<typeof start>[1]): { readonly arrival: Arrival; readonly subnet: Subnet }[] {
    return node.placements.flatMap((p) =>
      p.subnets.flatMap((subnet) => {
        const flows = throughAcl(subnet.acl.outbound, throughGroups(p.groups, 'egress', start(subnet, ranges), []));
        return this.ways.from(subnet, flows).map((arrival) => ({ arrival, subnet }));
      }),
    );
  }

  private fromInternet(to: Placement): Flow[] {
    return to.subnets.flatMap((subnet) => {
      const inward = start(subnet, publicRanges().map((range) => ({ range })));
      const direct = routed(subnet.routes, inward).filter(({ route: { target } }) => target.to === 'ANYWHERE' || (target.to === 'INTERNET' && !target.oneWay));
      const flows = direct.flatMap(({ flows: back, route }) =>
        back.map((flow) => ({
          box: { ...flow.box, source: flow.box.destination, destination: flow.box.source },
          hops: [{ resource: INTERNET, says: 'sends packets' }, ...flow.hops],
          unsure: route.target.to === 'ANYWHERE' ? [...flow.unsure, route.target.reason] : flow.unsure,
        })),
      );
      const entered = throughGroups(to.groups, 'ingress', throughAcl(subnet.acl.inbound, flows), []);
      return answered(entered, (answers) => throughAcl(subnet.acl.outbound, [answers]));
    });
  }

  /** Networks other than its own and the internet, by name. Answers are not asked for: what leaves has left. */
  private toOtherNetworks(node: NetworkNode): Map<string, Flow[]> {
    const found = new Map<string, Flow[]>();
    const all = [4 as const, 6 as const].map((family) => ({ range: wholeFamily(family) }));
    const put = (name: string, flows: readonly Flow[]): void => void found.set(name, [...(found.get(name) ?? []), ...flows]);
    for (const { arrival, subnet } of this.sent(node, all)) {
      if (arrival.at === 'VPC' && arrival.vpc.id !== subnet.vpc.id) put(arrival.vpc.id, [arrival.flow]);
      else if (arrival.at === 'OUTSIDE') put(arrival.name, [arrival.flow]);
      else if (arrival.at === 'ANYWHERE') put('a network that is not known', doubted(arrival.flow, arrival.reason));
    }
    // Rules may name groups of other VPCs instead of addresses.
    const own = new Set(node.placements.flatMap((p) => p.subnets.map((s) => s.vpc.id)));
    for (const vpc of this.vpcs.all()) {
      if (own.has(vpc.id)) continue;
      const flows = this.flows({ ...node, managed: undefined }, this.node(vpc.id));
      if (flows.length > 0) put(vpc.id, flows);
    }
    return found;
  }

  private toGateway(node: NetworkNode, endpoint: NetworkEndpoint): Flow[] {
    return node.placements.flatMap((p) =>
      p.subnets
        .filter((s) => this.tables.tablesOf(s.id).some((table) => endpoint.tables.includes(table)))
        .flatMap((subnet) => {
          const sent = throughGroups(p.groups, 'egress', start(subnet, publicRanges().map((range) => ({ range }))), []);
          const flows = through(throughAcl(subnet.acl.outbound, sent), { resource: endpoint.id, says: 'takes packets for its service' });
          return answered(flows, (answers) => throughAcl(subnet.acl.inbound, [answers]));
        }),
    );
  }

  /** Any interface of a VPC: in any subnet, with any one of its groups. */
  private vpcNodes(): NetworkNode[] {
    return this.vpcs.all().map((vpc) => ({
      id: vpc.id,
      type: 'AWS::EC2::VPC',
      placements: this.groups.ofVpc(vpc.id).map((group) => ({ subnets: this.vpcs.subnetsOf(vpc.id), groups: [group] })),
      unclear: [],
    }));
  }

  private groupNodes(): NetworkNode[] {
    return this.vpcs.all().flatMap((vpc) =>
      this.groups.ofVpc(vpc.id).map((group) => ({
        id: group.id,
        type: 'AWS::EC2::SecurityGroup',
        placements: [{ subnets: this.vpcs.subnetsOf(vpc.id), groups: [group] }],
        unclear: [],
      })),
    );
  }
}

/** Packets from a subnet to ranges of addresses. */
function start(subnet: Subnet, ranges: readonly { readonly range: Subnet['ranges'][number]['range']; readonly unsure?: string }[]): Flow[] {
  return subnet.ranges.flatMap((source) =>
    ranges.flatMap((target) => {
      const box = between(source.range, target.range);
      const unsure = [...new Set([source.unsure, target.unsure])].filter((reason) => reason !== undefined);
      return box === undefined ? [] : [{ box, hops: [{ resource: subnet.id, says: 'is where packets begin' }], unsure }];
    }),
  );
}

function doubted(flow: Flow, reason: string): Flow[] {
  return [{ ...flow, unsure: [...flow.unsure, reason] }];
}

function arrivedAtInternet(arrival: Arrival): Flow[] {
  switch (arrival.at) {
    case 'INTERNET':
      return through([arrival.flow], { resource: INTERNET, says: 'is reached' });
    case 'ANYWHERE':
      return doubted(arrival.flow, arrival.reason);
    case 'OUTSIDE':
      return doubted(arrival.flow, `whether ${arrival.name} leads on to the internet`);
    case 'VPC':
      return [];
  }
}

function managedFlows(resource: string, says: string, unsure: string | undefined): Flow[] {
  const [range] = publicRanges();
  const box = between(range, range);
  return box === undefined ? [] : [{ box, hops: [{ resource, says }, { resource: INTERNET, says: 'is reached' }], unsure: unsure ? [unsure] : [] }];
}
