import type { NetworkResource, NetworkTemplate } from './graph';
import { resourcesOf } from './graph';

/** The way of packets from a VPC to somewhere else, as far as routing goes. */
export interface NetworkPath {
  readonly from: string;
  /** A VPC, `internet`, or what a route leads to when that is not known. */
  readonly to: string;
  /** What makes the way. */
  readonly through: string;
}

/** What templates say about who can reach whom. Whatever cannot be told counts as a way. */
export interface Reachability {
  /** Ways that routing opens out of a VPC: to another one, to the internet, to a service of somebody else. */
  readonly routes: readonly NetworkPath[];
  /** Rules of security groups that let through more than groups of the same VPC and lists of AWS or of nothing. */
  readonly openRules: readonly string[];
  /** Ways on which neither routing nor the groups of the VPC stand. */
  readonly open: readonly NetworkPath[];
}

/** Properties of a route that name its target, and where that target leads. */
const TARGETS: Readonly<Record<string, 'internet' | 'peering' | 'transit' | 'unknown'>> = {
  GatewayId: 'internet',
  NatGatewayId: 'internet',
  EgressOnlyInternetGatewayId: 'internet',
  CarrierGatewayId: 'internet',
  VpcPeeringConnectionId: 'peering',
  TransitGatewayId: 'transit',
  CoreNetworkArn: 'unknown',
  InstanceId: 'unknown',
  NetworkInterfaceId: 'unknown',
  LocalGatewayId: 'unknown',
  VpcEndpointId: 'unknown',
};

/** Reads routes, endpoints, peering, transit gateway attachments and security groups of templates that are deployed together. */
export function reachabilityOf(templates: Readonly<Record<string, NetworkTemplate>>): Reachability {
  const resources = resourcesOf(templates);
  const routes = [...routedPaths(resources), ...foreignEndpoints(resources)];
  const rules = openRules(resources);
  const openVpcs = new Set(rules.map(({ vpc }) => vpc));
  return { routes, openRules: rules.map(({ text }) => text), open: routes.filter(({ from }) => openVpcs.has(from)) };
}

/** The services whose endpoints a group reaches: a rule leads out of the group, and for an interface one leads into the endpoint's group. */
export function servicesReachedBy(group: string, templates: Readonly<Record<string, NetworkTemplate>>): string[] {
  const resources = resourcesOf(templates);
  const rules = (type: 'Ingress' | 'Egress', of: string): Record<string, unknown>[] => [
    ...((ofType(resources, 'AWS::EC2::SecurityGroup').find(({ id }) => id === of)?.properties[`SecurityGroup${type}`] as Record<string, unknown>[] | undefined) ?? []),
    ...ofType(resources, `AWS::EC2::SecurityGroup${type}`).map(({ properties }) => properties as Record<string, unknown>).filter(({ GroupId }) => GroupId === of),
  ];
  const https = (rule: Record<string, unknown>) => rule.IpProtocol === 'tcp' && Number(rule.FromPort) <= 443 && Number(rule.ToPort) >= 443;
  const out = rules('Egress', group).filter(https);
  return ofType(resources, 'AWS::EC2::VPCEndpoint').filter(({ properties }) => {
    // A gateway is reached through the list of its service, whose id only the region knows.
    if (properties.VpcEndpointType === 'Gateway') return out.some(({ DestinationPrefixListId: list }) => isOfAws(String(list), resources));
    return (properties.SecurityGroupIds as string[]).some((target) =>
      out.some((rule) => rule.DestinationSecurityGroupId === target) && rules('Ingress', target).filter(https).some((rule) => rule.SourceSecurityGroupId === group));
  }).map(({ properties }) => String(properties.ServiceName));
}

function ofType(resources: readonly NetworkResource[], ...types: string[]): NetworkResource[] {
  return resources.filter(({ type }) => types.includes(type));
}

function routedPaths(resources: readonly NetworkResource[]): NetworkPath[] {
  const vpcOfTable = new Map(ofType(resources, 'AWS::EC2::RouteTable').map(({ id, properties }) => [id, String(properties.VpcId)]));
  return ofType(resources, 'AWS::EC2::Route').flatMap(({ id, properties }) => {
    const from = vpcOfTable.get(String(properties.RouteTableId)) ?? `the VPC of ${String(properties.RouteTableId)}`;
    const [target, kind] = Object.entries(TARGETS).find(([name]) => properties[name] !== undefined) ?? ['?', 'unknown' as const];
    const through = `${id} over ${String(properties[target])}`;
    switch (kind) {
      case 'internet':
        return [{ from, to: 'internet', through }];
      case 'peering':
        return peersOf(resources, String(properties[target]), from).map((to) => ({ from, to, through }));
      case 'transit':
        return attachedTo(resources, String(properties[target]), from).map((to) => ({ from, to, through }));
      default:
        return [{ from, to: 'unknown', through }];
    }
  });
}

function peersOf(resources: readonly NetworkResource[], connection: string, from: string): string[] {
  const peering = ofType(resources, 'AWS::EC2::VPCPeeringConnection').find(({ id }) => id === connection);
  if (!peering) return [`the peer of ${connection}`];
  return [peering.properties.VpcId, peering.properties.PeerVpcId].map(String).filter((vpc) => vpc !== from);
}

function attachedTo(resources: readonly NetworkResource[], gateway: string, from: string): string[] {
  const attachments = ofType(resources, 'AWS::EC2::TransitGatewayAttachment', 'AWS::EC2::TransitGatewayVpcAttachment');
  const vpcs = attachments.filter(({ properties }) => properties.TransitGatewayId === gateway).map(({ properties }) => String(properties.VpcId));
  // What else is attached to a gateway, in other accounts too, no template of one account shows.
  return [...vpcs.filter((vpc) => vpc !== from), `whatever is attached to ${gateway}`];
}

/** An endpoint of AWS with a policy carries what the policy says, which is a matter of IAM; any other is a way to somebody else. */
function foreignEndpoints(resources: readonly NetworkResource[]): NetworkPath[] {
  return ofType(resources, 'AWS::EC2::VPCEndpoint')
    .filter(({ properties }) => properties.PolicyDocument === undefined || /\.vpce\.|vpce-svc-/.test(String(properties.ServiceName)))
    .map(({ id, properties }) => ({ from: String(properties.VpcId), to: String(properties.ServiceName), through: id }));
}

interface Rule {
  readonly vpc: string;
  readonly text: string;
}

function openRules(resources: readonly NetworkResource[]): Rule[] {
  const groups = ofType(resources, 'AWS::EC2::SecurityGroup');
  const vpcOf = new Map(groups.map(({ id, properties }) => [id, String(properties.VpcId)]));
  const emptyLists = new Set(
    ofType(resources, 'AWS::EC2::PrefixList').filter(({ properties }) => ((properties.Entries as unknown[] | undefined) ?? []).length === 0).map(({ id }) => id),
  );
  const inline = groups.flatMap(({ id, properties }) => {
    const egress = properties.SecurityGroupEgress as Record<string, unknown>[] | undefined;
    // AWS adds a rule to everywhere to a group without any.
    const rules: Record<string, unknown>[] = egress === undefined || egress.length === 0 ? [{ CidrIp: '0.0.0.0/0' }] : egress;
    const ingress = (properties.SecurityGroupIngress as Record<string, unknown>[] | undefined) ?? [];
    return [...rules, ...ingress].map((rule) => ({ group: id, name: id, rule }));
  });
  const apart = ofType(resources, 'AWS::EC2::SecurityGroupIngress', 'AWS::EC2::SecurityGroupEgress')
    .map(({ id, properties }) => ({ group: String(properties.GroupId), name: id, rule: properties }));
  return [...inline, ...apart].flatMap(({ group, name, rule }) => {
    const vpc = vpcOf.get(group) ?? `the VPC of ${group}`;
    const peer = rule.SourceSecurityGroupId ?? rule.DestinationSecurityGroupId;
    const list = rule.SourcePrefixListId ?? rule.DestinationPrefixListId;
    const closed = peer !== undefined
      ? vpcOf.get(String(peer)) === vpc
      : list !== undefined && (emptyLists.has(String(list)) || isOfAws(String(list), resources));
    return closed ? [] : [{ vpc, text: `${name}: ${JSON.stringify(rule)}` }];
  });
}

/** A list that is no resource of the templates was given by its id: segments name the lists of gateway endpoints so. */
function isOfAws(list: string, resources: readonly NetworkResource[]): boolean {
  return /^pl-[0-9a-f]+$/.test(list) && !resources.some(({ id }) => id === list);
}
