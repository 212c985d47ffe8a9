import { App, Stack } from 'aws-cdk-lib';
import {
  CfnEgressOnlyInternetGateway, CfnInternetGateway, CfnNatGateway, CfnRoute, CfnSecurityGroupEgress, CfnSecurityGroupIngress, CfnTransitGateway,
  CfnTransitGatewayAttachment, CfnVPCCidrBlock, CfnVPCEndpoint, CfnVPCPeeringConnection,
} from 'aws-cdk-lib/aws-ec2';
import type { CfnSecurityGroup, CfnSubnet } from 'aws-cdk-lib/aws-ec2';
import type { NetworkSegment } from 'cdk-secure-ai/network';
import { SegmentedNetwork } from 'cdk-secure-ai/network';
import { SecurityProfile } from 'cdk-secure-ai/posture';
import { describe, expect, test } from 'vitest';
import type { Exit } from '../../../lib/assurance/network';
import { INTERNET, Network } from '../../../lib/assurance/network';
import { TemplateModel } from '../../../lib/assurance/template';
import type { TemplateInput } from '../../../lib/assurance/template';
import { AWS_SERVICES } from '../../../lib/core/handler-contract';
import type { NetworkTemplate } from '../../support/network/graph';
import { reachabilityOf } from '../../support/network/reachability';
import { PROFILE_POSTURES, fullStack } from '../../support/full-platform';

const ENV = { account: '111111111111', region: 'eu-central-1' };

function inputsOf(app: App): TemplateInput[] {
  return app.synth().stacks.map((stack) => ({ stackName: stack.stackName, template: stack.template as unknown, ...ENV }));
}

const SERVICES = [...AWS_SERVICES].filter((service) => service !== 'dynamodb');

interface Platform {
  readonly stack: Stack;
  readonly network: SegmentedNetwork;
}

interface Reading {
  readonly network: Network;
  readonly inputs: readonly TemplateInput[];
  /** Ids of a segment's VPC and of the group of its workloads. */
  readonly vpc: (segment: string) => string;
  readonly group: (segment: string) => string;
}

/** A platform of three segments after somebody changed it: our reading of it and what routing alone says. */
function platform(change: (platform: Platform) => void = () => undefined, services = SERVICES): Reading {
  const app = new App();
  const stack = new Stack(app, 'Stack', { env: ENV });
  const network = new SegmentedNetwork(stack, 'Network', {
    training: { services, customResources: true },
    staging: { services: ['s3'], s3PrefixListId: 'pl-6ea54007' },
    production: {},
  });
  change({ stack, network });
  const inputs = inputsOf(app);
  const read = Network.of(TemplateModel.of(inputs));
  const vpc = (segment: string): string => read.vpcIds.find((id) => id.includes(segment)) ?? '';
  const groups = TemplateModel.of(inputs).ofType('AWS::EC2::SecurityGroup');
  const group = (segment: string): string => groups.find((g) => g.logicalId.includes(segment) && g.logicalId.includes('Workloads'))?.id ?? '';
  return { network: read, inputs, vpc, group };
}

const leaves = (network: Network, from: string): Exit[] => network.exits(from).filter((exit) => exit.kind !== 'AWS_SERVICE');
const tableOf = (segment: NetworkSegment): string => segment.vpc.isolatedSubnets[0].routeTable.routeTableId;
const way = (segment: NetworkSegment, target: Partial<ConstructorParameters<typeof CfnRoute>[2]>): CfnRoute =>
  new CfnRoute(segment, 'Way', { routeTableId: tableOf(segment), destinationCidrBlock: '0.0.0.0/0', ...target });
const openGroup = ({ network: { training } }: Platform): CfnSecurityGroupEgress =>
  new CfnSecurityGroupEgress(training, 'Open', { groupId: training.securityGroup.securityGroupId, ipProtocol: '-1', cidrIp: '0.0.0.0/0' });
const openGroupSix = ({ network: { training } }: Platform): CfnSecurityGroupEgress =>
  new CfnSecurityGroupEgress(training, 'OpenSix', { groupId: training.securityGroup.securityGroupId, ipProtocol: '-1', cidrIpv6: '::/0' });

describe('the segments of a platform', () => {
  const { network, vpc, group } = platform();
  const segments = ['Training', 'Staging', 'Production'];
  test('are three, and everything about their network is known', () => {
    expect(network.vpcIds).toHaveLength(3);
    expect(network.gaps).toEqual([]);
  });
  test.each(segments.flatMap((a) => segments.filter((b) => b !== a).map((b) => [a, b])))('%s does not reach %s', (a, b) => {
    expect(network.reach(vpc(a), vpc(b))).toEqual({ verdict: 'PROVED' });
  });
  test.each(segments)('%s has no way to or from the internet, and nothing but endpoints of AWS with a policy to leave through', (segment) => {
    expect(network.reach(vpc(segment), INTERNET)).toEqual({ verdict: 'PROVED' });
    expect(network.reach(INTERNET, vpc(segment))).toEqual({ verdict: 'PROVED' });
    expect(leaves(network, vpc(segment))).toEqual([]);
    expect(network.exits(group(segment)).every((exit) => exit.guarded)).toBe(true);
  });
  test('workloads reach the endpoints of the services that they asked for', () => {
    expect(network.endpointsOf(group('Training')).length).toBeGreaterThan(10);
    // Its rule names the list of S3 by an id, which the templates do not tell from the list of the other gateway.
    expect(network.exits(group('Staging')).map((exit) => [exit.kind, exit.path])).toEqual([
      ['AWS_SERVICE', undefined],
      ['AWS_SERVICE', undefined],
    ]);
    expect(network.endpointsOf(group('Production'))).toEqual([]);
  });
  test('endpoints reach nothing', () => {
    for (const endpoint of network.endpoints.filter((e) => e.kind === 'INTERFACE')) expect(network.exits(endpoint.id)).toEqual([]);
  });
});

describe('one change that opens a way is caught', () => {
  test.each<[string, (platform: Platform) => void, Exit['kind'], RegExp]>([
    ['an internet gateway and an open group', (p) => {
      openGroup(p);
      way(p.network.training, { gatewayId: new CfnInternetGateway(p.stack, 'Internet').attrInternetGatewayId });
    }, 'INTERNET', /^internet$/],
    ['a NAT gateway in a subnet that has an internet gateway', (p) => {
      openGroup(p);
      const { training } = p.network;
      const [, second] = training.vpc.isolatedSubnets;
      way(training, { natGatewayId: new CfnNatGateway(training, 'Nat', { subnetId: second.subnetId }).attrNatGatewayId });
      const gatewayId = new CfnInternetGateway(p.stack, 'Internet').attrInternetGatewayId;
      new CfnRoute(training, 'Way2', { routeTableId: second.routeTable.routeTableId, destinationCidrBlock: '0.0.0.0/0', gatewayId });
    }, 'INTERNET', /^internet$/],
    ['IPv6', (p) => {
      openGroupSix(p);
      const { training } = p.network;
      new CfnVPCCidrBlock(training, 'Six', { vpcId: training.vpc.vpcId, ipv6CidrBlock: '2001:db8::/56', ipv6Pool: 'pool' });
      (training.node.findChild('Isolated1').node.findChild('Subnet') as CfnSubnet).ipv6CidrBlock = '2001:db8::/64';
      const gateway = new CfnEgressOnlyInternetGateway(training, 'Out', { vpcId: training.vpc.vpcId });
      way(training, { destinationCidrBlock: undefined, destinationIpv6CidrBlock: '::/0', egressOnlyInternetGatewayId: gateway.attrId });
    }, 'INTERNET', /^internet$/],
    ['a peering', (p) => {
      openGroup(p);
      const { training, production } = p.network;
      const connection = new CfnVPCPeeringConnection(p.stack, 'Peering', { vpcId: training.vpc.vpcId, peerVpcId: production.vpc.vpcId });
      way(training, { destinationCidrBlock: '10.64.32.0/20', vpcPeeringConnectionId: connection.attrId });
    }, 'NETWORK', /Production/],
    ['a transit gateway', (p) => {
      openGroup(p);
      const { training, production } = p.network;
      const gateway = new CfnTransitGateway(p.stack, 'Transit');
      for (const { vpc, node } of [training, production]) {
        new CfnTransitGatewayAttachment(p.stack, `Attachment${node.id}`, {
          transitGatewayId: gateway.attrId, vpcId: vpc.vpcId, subnetIds: vpc.isolatedSubnets.map(({ subnetId }) => subnetId),
        });
      }
      way(training, { transitGatewayId: gateway.attrId });
    }, 'NETWORK', /Production/],
    ['a transit gateway of another account', (p) => {
      openGroup(p);
      way(p.network.training, { transitGatewayId: 'tgw-1' });
    }, 'NETWORK', /attached to tgw-1/],
    ['an endpoint of somebody else', ({ stack, network: { training } }) => {
      const own = training.node.findAll().find((c) => c.node.path.endsWith('Endpoints/Resource')) as CfnSecurityGroup;
      new CfnVPCEndpoint(stack, 'Foreign', {
        vpcId: training.vpc.vpcId, vpcEndpointType: 'Interface', serviceName: 'com.amazonaws.vpce.eu-central-1.vpce-svc-1', policyDocument: {},
        subnetIds: training.vpc.isolatedSubnets.map(({ subnetId }) => subnetId), securityGroupIds: [own.attrGroupId],
      });
    }, 'PARTNER', /Foreign/],
  ])('%s', (_name, change, kind, to) => {
    const { network, group } = platform(change);
    const found = leaves(network, group('Training')).filter((exit) => exit.path !== undefined);
    expect(found.map((exit) => [exit.kind, exit.to])).toContainEqual([kind, expect.stringMatching(to)]);
  });
  test('a rule that lets another segment in opens nothing alone, and with a peering both ways it does', () => {
    const rule = ({ network: { production } }: Platform): CfnSecurityGroupIngress =>
      new CfnSecurityGroupIngress(production, 'In', { groupId: production.securityGroup.securityGroupId, ipProtocol: '-1', cidrIp: '10.64.0.0/14' });
    const peering = (p: Platform): void => {
      const { training, production } = p.network;
      const vpcPeeringConnectionId = new CfnVPCPeeringConnection(p.stack, 'Peering', { vpcId: training.vpc.vpcId, peerVpcId: production.vpc.vpcId }).attrId;
      way(training, { destinationCidrBlock: '10.64.0.0/14', vpcPeeringConnectionId });
      way(production, { destinationCidrBlock: '10.64.0.0/14', vpcPeeringConnectionId });
    };
    const steps = [rule, peering, openGroup];
    for (const missing of steps) {
      const { network, group } = platform((p) => steps.filter((s) => s !== missing).forEach((s) => s(p)));
      expect(network.reach(group('Training'), group('Production')).verdict).toBe('PROVED');
    }
    const { network, group } = platform((p) => steps.forEach((s) => s(p)));
    expect(network.reach(group('Training'), group('Production')).verdict).toBe('REFUTED');
  });
});

describe('the model of the network says no less than a reading of routes alone', () => {
  const steps: readonly ((p: Platform) => void)[] = [
    openGroup,
    (p) => way(p.network.training, { gatewayId: new CfnInternetGateway(p.stack, 'Internet').attrInternetGatewayId }),
    (p) => way(p.network.staging, { transitGatewayId: 'tgw-1' }),
    ({ network: { training } }) => ((training.securityGroup.node.defaultChild as CfnSecurityGroup).securityGroupEgress = undefined),
    (p) => way(p.network.production, { networkInterfaceId: 'eni-1' }),
  ];
  test.each(Array.from({ length: 2 ** steps.length }, (_, bits) => bits))('after the changes of the bits %i', (bits) => {
    const { network, inputs, vpc } = platform((p) => steps.forEach((step, i) => (bits >> i) & 1 && step(p)), ['s3', 'kms']);
    const routes = reachabilityOf(Object.fromEntries(inputs.map((i) => [i.stackName, i.template as NetworkTemplate])));
    for (const segment of ['Training', 'Staging', 'Production']) {
      const id = vpc(segment);
      const routed = routes.routes.filter((route) => route.from === id);
      const found = leaves(network, id);
      // The default group of each VPC lets everything out, so whatever routing opens is open for some interface of the VPC.
      expect(found.length > 0, `${segment}: ${JSON.stringify(routed)}`).toBe(routed.length > 0);
      const open = routes.open.filter((route) => route.from === id);
      if (open.length > 0) expect(found.length).toBeGreaterThan(0);
    }
  });
});

describe.each(Object.values(SecurityProfile))('everything that the library makes, with the profile %s', (profile) => {
  const app = new App();
  fullStack(app, 'Everything', PROFILE_POSTURES[profile](app));
  const network = Network.of(TemplateModel.of(inputsOf(app)));
  test('has no way out of its segment, and no function outside of a VPC', () => {
    expect(network.gaps).toEqual([]);
    expect(network.vpcIds.flatMap((id) => leaves(network, id))).toEqual([]);
    expect(network.workloads.filter((w) => w.managed !== undefined).map((w) => w.id)).toEqual([]);
    expect(network.workloads.length).toBeGreaterThan(0);
  });
  test('functions in a VPC from elsewhere are not judged by what is not known', () => {
    const elsewhere = network.workloads.filter((w) => w.placements.some((p) => p.subnets.some((s) => s.vpc.outside)));
    expect(elsewhere.length).toBeGreaterThan(0);
    for (const { id } of elsewhere) expect(network.reach(id, INTERNET).verdict).toBe('UNDETERMINED');
  });
});
