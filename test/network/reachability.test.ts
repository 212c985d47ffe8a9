import { App, Stack } from 'aws-cdk-lib';
import {
  CfnEgressOnlyInternetGateway, CfnInternetGateway, CfnNatGateway, CfnRoute, CfnSecurityGroupEgress, CfnTransitGateway, CfnTransitGatewayAttachment,
  CfnVPCEndpoint,
  CfnVPCPeeringConnection,
} from 'aws-cdk-lib/aws-ec2';
import type { CfnSecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { NetworkSegment, SegmentedNetwork } from 'cdk-secure-ai/network';
import { describe, expect, test } from 'vitest';
import { AWS_SERVICES } from '../../lib/core/handler-contract';
import type { NetworkTemplate } from '../support/network/graph';
import type { Reachability } from '../support/network/reachability';
import { reachabilityOf, servicesReachedBy } from '../support/network/reachability';

interface Platform {
  readonly stack: Stack;
  readonly network: SegmentedNetwork;
}

/** What can be reached in a platform after somebody changed it. */
function reachabilityAfter(change: (platform: Platform) => void): Reachability {
  const app = new App();
  const stack = new Stack(app, 'Stack', { env: { account: '111111111111', region: 'eu-central-1' } });
  const services = [...AWS_SERVICES].filter((service) => service !== 'dynamodb');
  const network = new SegmentedNetwork(stack, 'Network', {
    training: { services, customResources: true }, staging: { services: ['s3'], s3PrefixListId: 'pl-6ea54007' }, production: {},
  });
  change({ stack, network });
  return reachabilityOf({ Stack: app.synth().getStackByName('Stack').template as NetworkTemplate });
}

function routeTableOf(segment: NetworkSegment): string {
  return segment.vpc.isolatedSubnets[0].routeTable.routeTableId;
}

function routeOf(segment: NetworkSegment, target: Partial<ConstructorParameters<typeof CfnRoute>[2]>): void {
  new CfnRoute(segment, 'Way', { routeTableId: routeTableOf(segment), destinationCidrBlock: '0.0.0.0/0', ...target });
}

function peering({ stack, network: { training, production } }: Platform): void {
  const connection = new CfnVPCPeeringConnection(stack, 'Peering', { vpcId: training.vpc.vpcId, peerVpcId: production.vpc.vpcId });
  routeOf(training, { destinationCidrBlock: '10.64.32.0/20', vpcPeeringConnectionId: connection.attrId });
}

function internetGateway({ stack, network: { training } }: Platform): void {
  routeOf(training, { gatewayId: new CfnInternetGateway(stack, 'Internet').attrInternetGatewayId });
}

function openGroup({ stack, network: { training } }: Platform): void {
  new CfnSecurityGroupEgress(stack, 'Open', { groupId: training.securityGroup.securityGroupId, ipProtocol: '-1', cidrIp: '0.0.0.0/0' });
}

test('segments reach neither each other nor the internet: no route leads out, and no group lets anything out', () => {
  expect(reachabilityAfter(() => undefined)).toEqual({ routes: [], openRules: [], open: [] });
});

describe('a way out is seen, and the other layer still stands', () => {
  test.each<[string, (platform: Platform) => void, RegExp]>([
    ['peering with a route', peering, /Production/],
    ['an internet gateway', internetGateway, /^internet$/],
    ['a NAT gateway', ({ stack, network: { training } }) => {
      routeOf(training, { natGatewayId: new CfnNatGateway(stack, 'Nat', { subnetId: training.vpc.isolatedSubnets[0].subnetId }).attrNatGatewayId });
    }, /^internet$/],
    ['IPv6', ({ stack, network: { training } }) => {
      const gateway = new CfnEgressOnlyInternetGateway(stack, 'Out', { vpcId: training.vpc.vpcId });
      new CfnRoute(training, 'Way', { routeTableId: routeTableOf(training), destinationIpv6CidrBlock: '::/0', egressOnlyInternetGatewayId: gateway.attrId });
    }, /^internet$/],
    ['a transit gateway', ({ stack, network: { training, production } }) => {
      const gateway = new CfnTransitGateway(stack, 'Transit');
      for (const segment of [training, production]) {
        new CfnTransitGatewayAttachment(segment, 'Attachment', {
          transitGatewayId: gateway.attrId, vpcId: segment.vpc.vpcId, subnetIds: segment.vpc.isolatedSubnets.map(({ subnetId }) => subnetId),
        });
      }
      routeOf(training, { transitGatewayId: gateway.attrId });
    }, /Production/],
    ['a transit gateway of another account', ({ network: { training } }) => routeOf(training, { transitGatewayId: 'tgw-1' }), /attached to tgw-1/],
    ['an interface of a machine', ({ network: { training } }) => routeOf(training, { networkInterfaceId: 'eni-1' }), /^unknown$/],
    ['an endpoint of somebody else', ({ stack, network: { training } }) => {
      new CfnVPCEndpoint(stack, 'Foreign', { vpcId: training.vpc.vpcId, vpcEndpointType: 'Interface', serviceName: 'com.amazonaws.vpce.eu-central-1.vpce-svc-1', policyDocument: {} });
    }, /vpce-svc-1/],
    ['an endpoint without a policy', ({ stack, network: { training } }) => {
      new CfnVPCEndpoint(stack, 'Unguarded', { vpcId: training.vpc.vpcId, vpcEndpointType: 'Interface', serviceName: 'com.amazonaws.eu-central-1.ec2' });
    }, /eu-central-1\.ec2/],
  ])('%s', (_, change, to) => {
    const { routes, openRules, open } = reachabilityAfter(change);
    expect(routes).toContainEqual({ from: expect.stringMatching(/Training/) as string, to: expect.stringMatching(to) as string, through: expect.any(String) as string });
    expect(openRules).toEqual([]);
    expect(open).toEqual([]);
  });

  test.each<[string, (platform: Platform) => void]>([
    ['a rule to every address', openGroup],
    ['a rule to a group of another segment', ({ stack, network: { training, production } }) => {
      new CfnSecurityGroupEgress(stack, 'Across', {
        groupId: training.securityGroup.securityGroupId, ipProtocol: 'tcp', fromPort: 443, toPort: 443, destinationSecurityGroupId: production.securityGroup.securityGroupId,
      });
    }],
    ['a group that has lost its rules, to which AWS adds one to everywhere', ({ network: { training } }) => {
      (training.securityGroup.node.defaultChild as CfnSecurityGroup).securityGroupEgress = undefined;
    }],
  ])('%s', (_, change) => {
    const { routes, openRules, open } = reachabilityAfter(change);
    expect(routes).toEqual([]);
    expect(openRules).toHaveLength(1);
    expect(open).toEqual([]);
  });
});

test.each<[string, (platform: Platform) => void, RegExp]>([
  ['another segment', peering, /Production/],
  ['the internet', internetGateway, /^internet$/],
])('only a route and an open group together open the way to %s', (_, route, to) => {
  const { open } = reachabilityAfter((platform) => {
    route(platform);
    openGroup(platform);
  });
  expect(open.map((path) => path.to)).toEqual([expect.stringMatching(to)]);
});

test('where a reference leads that no template resolves is not guessed', () => {
  const template: NetworkTemplate = { Resources: { Route: { Type: 'AWS::EC2::Route', Properties: { RouteTableId: { 'Fn::ImportValue': 'elsewhere' } } } } };
  expect(() => reachabilityOf({ Stack: template })).toThrow("export 'elsewhere' is in none of the templates");
});

describe('segments in stacks of their own', () => {
  function stacks(change: (segments: readonly NetworkSegment[], app: App) => void): Readonly<Record<string, NetworkTemplate>> {
    const app = new App();
    const env = { account: '111111111111', region: 'eu-central-1' };
    change(['Training', 'Production'].map((name) => new NetworkSegment(new Stack(app, name, { env }), 'Segment', { services: ['s3', 'kms'] })), app);
    return Object.fromEntries(app.synth().stacks.map((stack) => [stack.stackName, stack.template as NetworkTemplate]));
  }

  test('reach each other no more than segments in one', () => {
    expect(reachabilityOf(stacks(() => undefined))).toEqual({ routes: [], openRules: [], open: [] });
  });

  test('a way that a third stack opens between them is seen', () => {
    const { routes } = reachabilityOf(stacks(([training, production], app) => {
      const joined = new Stack(app, 'Joined', { env: { account: '111111111111', region: 'eu-central-1' } });
      const connection = new CfnVPCPeeringConnection(joined, 'Peering', { vpcId: training.vpc.vpcId, peerVpcId: production.vpc.vpcId });
      new CfnRoute(joined, 'Way', { routeTableId: routeTableOf(training), destinationCidrBlock: '10.64.32.0/20', vpcPeeringConnectionId: connection.attrId });
    }));
    expect(routes.map(({ from, to }) => [from, to])).toEqual([[expect.stringMatching(/^Training\//), expect.stringMatching(/^Production\//)]]);
  });

  test('functions and jobs reach the endpoints, for which each side needs its rule', () => {
    const templates = stacks(() => undefined);
    const [group] = Object.keys(templates.Training.Resources!).filter((id) => id.startsWith('SegmentGroupsWorkloads'));
    expect(servicesReachedBy(`Training/${group}`, templates)).toEqual(['com.amazonaws.eu-central-1.s3', 'com.amazonaws.eu-central-1.kms']);
    const { Resources = {} } = templates.Training;
    const shut = Object.fromEntries(Object.entries(Resources).filter(([, { Type }]) => Type !== 'AWS::EC2::SecurityGroupIngress'));
    expect(servicesReachedBy(`Training/${group}`, { Training: { Resources: shut } })).toEqual([]);
  });
});
