import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { NetworkPart, NetworkSegment } from 'cdk-secure-ai/network';
import type { ExistingNetwork, SegmentOptions } from 'cdk-secure-ai/network';
import { describe, expect, test } from 'vitest';

function vpcIn(stack: Stack, name = 'Vpc'): IVpc {
  return Vpc.fromVpcAttributes(stack, name, {
    vpcId: 'vpc-1', availabilityZones: ['a', 'b'], isolatedSubnetIds: ['subnet-1', 'subnet-2'], isolatedSubnetRouteTableIds: ['rtb-1', 'rtb-2'],
  });
}

function templateOf(existing: (stack: Stack) => Partial<ExistingNetwork>, options: SegmentOptions = {}): Template {
  const stack = new Stack(new App(), 'Stack', { env: { account: '111111111111', region: 'eu-central-1' } });
  NetworkSegment.fromExisting(stack, 'Segment', { vpc: vpcIn(stack), ...existing(stack) }, options);
  return Template.fromStack(stack);
}

function count(template: Template): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { Type } of Object.values((template.toJSON().Resources ?? {}) as Record<string, { Type: string }>)) counts[Type] = (counts[Type] ?? 0) + 1;
  return counts;
}

const group = (stack: Stack, id: string, mutable = true) => SecurityGroup.fromSecurityGroupId(stack, id, `sg-${id.toLowerCase()}`, { mutable });
const EVERYTHING = [NetworkPart.FLOW_LOGS, NetworkPart.DNS_FIREWALL, NetworkPart.QUERY_LOG];

describe('a segment in a VPC of the account', () => {
  test('makes no VPC and no subnet, and everything that is not said to be there', () => {
    const template = templateOf(() => ({}), { services: ['kms'] });
    expect(count(template)).toEqual({
      'AWS::EC2::FlowLog': 1, 'AWS::EC2::PrefixList': 1, 'AWS::EC2::SecurityGroup': 2, 'AWS::EC2::SecurityGroupIngress': 1, 'AWS::EC2::VPCEndpoint': 3, 'AWS::IAM::ManagedPolicy': 1,
      'AWS::IAM::Role': 1, 'AWS::KMS::Key': 1, 'AWS::Logs::LogGroup': 2, 'AWS::Logs::ResourcePolicy': 1, 'AWS::Route53Resolver::FirewallDomainList': 2,
      'AWS::Route53Resolver::FirewallRuleGroup': 1, 'AWS::Route53Resolver::FirewallRuleGroupAssociation': 1, 'AWS::Route53Resolver::ResolverQueryLoggingConfig': 1,
      'AWS::Route53Resolver::ResolverQueryLoggingConfigAssociation': 1,
    });
    template.hasResourceProperties('AWS::EC2::VPCEndpoint', { VpcId: 'vpc-1', RouteTableIds: ['rtb-1', 'rtb-2'] });
  });

  test.each([
    [NetworkPart.FLOW_LOGS, 'AWS::EC2::FlowLog'],
    [NetworkPart.DNS_FIREWALL, 'AWS::Route53Resolver::FirewallRuleGroup'],
    [NetworkPart.QUERY_LOG, 'AWS::Route53Resolver::ResolverQueryLoggingConfig'],
  ])('makes no second %s', (part, type) => {
    const without = count(templateOf(() => ({ parts: [part] })));
    expect(without[type]).toBeUndefined();
    expect(count(templateOf(() => ({})))[type]).toBe(1);
  });

  test('needs no key when there is nothing to log', () => {
    expect(count(templateOf(() => ({ parts: EVERYTHING })))['AWS::KMS::Key']).toBeUndefined();
  });

  test('makes no second endpoint of a service: its group lets the segment in, and is reached', () => {
    const template = templateOf((stack) => ({ parts: EVERYTHING, endpoints: [{ service: 'kms', securityGroup: group(stack, 'Kms') }, { service: 's3' }, { service: 'dynamodb' }] }), { services: ['kms'] });
    expect(count(template)).toEqual({ 'AWS::EC2::PrefixList': 1, 'AWS::EC2::SecurityGroup': 1, 'AWS::EC2::SecurityGroupIngress': 1 });
    template.hasResourceProperties('AWS::EC2::SecurityGroup', { SecurityGroupEgress: [Match.objectLike({ DestinationSecurityGroupId: 'sg-kms', FromPort: 443, ToPort: 443 })] });
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', { GroupId: 'sg-kms', FromPort: 443, ToPort: 443, Description: 'HTTPS to kms from functions and jobs' });
  });

  test('leaves the group of an endpoint alone that was imported as immutable', () => {
    const template = templateOf((stack) => ({ parts: EVERYTHING, endpoints: [{ service: 'kms', securityGroup: group(stack, 'Kms', false) }] }), { services: ['kms'] });
    template.resourceCountIs('AWS::EC2::SecurityGroupIngress', 0);
  });

  test('reaches an existing gateway through its prefix list, and says so when that is missing', () => {
    templateOf(() => ({ endpoints: [{ service: 's3' }] }), { services: ['s3'], s3PrefixListId: 'pl-6ea54007' })
      .hasResourceProperties('AWS::EC2::SecurityGroup', { SecurityGroupEgress: [Match.objectLike({ DestinationPrefixListId: 'pl-6ea54007' })] });
    expect(() => templateOf(() => ({ endpoints: [{ service: 's3' }] }), { services: ['s3'] })).toThrow('reaches s3 through a gateway: give s3PrefixListId');
  });

  test('fails for an interface endpoint that its group cannot reach', () => {
    expect(() => templateOf(() => ({ endpoints: [{ service: 'kms' }] }), { services: ['kms'] })).toThrow('cannot let its group reach the endpoint of kms: give securityGroup');
  });

  test('answers the names of existing endpoints', () => {
    const stack = new Stack(new App(), 'Stack', { env: { account: '111111111111', region: 'eu-central-1' } });
    const segment = NetworkSegment.fromExisting(stack, 'Segment', { vpc: vpcIn(stack), endpoints: [{ service: 'kms', securityGroup: group(stack, 'Kms') }] });
    expect(JSON.stringify(stack.resolve(segment.hosts))).toContain('kms.eu-central-1.');
  });

  test('uses a group that is given as it is', () => {
    const template = templateOf((stack) => ({ parts: EVERYTHING, securityGroup: group(stack, 'Own', false) }), { services: ['s3', 'dynamodb'] });
    expect(count(template)).toEqual({ 'AWS::EC2::VPCEndpoint': 2 });
  });

  test.each<[string, Partial<ExistingNetwork>, string]>([
    ['a service twice', { endpoints: [{ service: 's3' }, { service: 's3' }] }, 'existing.endpoints names s3 twice'],
    ['a service that is not known', { endpoints: [{ service: '__proto__' }] }, "service '__proto__' is not known"],
  ])('fails for %s', (_, existing, message) => {
    expect(() => templateOf(() => existing)).toThrow(message);
  });

  test.each([['cidr', { cidr: '10.0.0.0/20' }], ['zones', { zones: ['a', 'b'] }]])('fails for %s of its own', (name, props) => {
    const stack = new Stack(new App(), 'Stack');
    expect(() => new NetworkSegment(stack, 'Segment', { ...props, existing: { vpc: vpcIn(stack) } })).toThrow(`existing and ${name} contradict each other`);
  });
});

describe('a segment in subnets that another account shares', () => {
  test('makes a security group and nothing else: the rest is of the account that owns the VPC', () => {
    const template = templateOf((stack) => ({ shared: true, endpoints: [{ service: 's3' }, { service: 'kms', securityGroup: group(stack, 'Kms', false) }] }), { services: ['s3', 'kms'], s3PrefixListId: 'pl-6ea54007' });
    expect(count(template)).toEqual({ 'AWS::EC2::PrefixList': 1, 'AWS::EC2::SecurityGroup': 1 });
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      SecurityGroupEgress: [Match.objectLike({ DestinationPrefixListId: 'pl-6ea54007' }), Match.objectLike({ DestinationSecurityGroupId: 'sg-kms' })],
    });
  });

  test('reaches nothing, and not everything, before a service is required', () => {
    templateOf(() => ({ shared: true })).hasResourceProperties('AWS::EC2::SecurityGroup', {
      SecurityGroupEgress: [Match.objectLike({ DestinationPrefixListId: { 'Fn::GetAtt': [Match.stringLikeRegexp('Nowhere'), 'PrefixListId'] } })],
    });
  });

  test.each(['kms', 's3', 'dynamodb'])('fails for %s when the owner has no endpoint for it', (service) => {
    expect(() => templateOf(() => ({ shared: true }), { services: [service] })).toThrow(`is in a VPC of another account without an endpoint for ${service}`);
  });
});
