import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { App, CfnParameter, Stack, Stage } from 'aws-cdk-lib';
import type { Environment } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Peer, Port, SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { CheckResults, ComplianceChecks } from 'cdk-secure-ai/assurance';
import { ModelArtifactBucket, ModelPromoter } from 'cdk-secure-ai/models';
import { NetworkSegment, SegmentedNetwork } from 'cdk-secure-ai/network';
import type { NetworkSegmentProps } from 'cdk-secure-ai/network';
import { SecurityPosture, SecurityProfile } from 'cdk-secure-ai/posture';
import type { SecurityPostureProps } from 'cdk-secure-ai/posture';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { AWS_SERVICES } from '../../lib/core/handler-contract';
import { PROFILE_POSTURES } from '../support/full-platform';

const ENV: Environment = { account: '111111111111', region: 'eu-central-1' };

function stackWith(posture: SecurityPostureProps = {}, env: Environment | undefined = ENV): Stack {
  const stack = new Stack(new App(), 'Stack', env ? { env } : {});
  SecurityPosture.attach(stack, posture);
  return stack;
}

function segmentTemplate(props: NetworkSegmentProps = {}, posture: SecurityPostureProps = {}): Template {
  const stack = stackWith(posture);
  new NetworkSegment(stack, 'Segment', props);
  return Template.fromStack(stack);
}

/** A zone of the stack's region, as templates name it. */
function zone(letter: string): object {
  return { 'Fn::Join': ['', [{ Ref: 'AWS::Region' }, letter]] };
}

function typesIn(template: Template): string[] {
  return Object.values(template.toJSON().Resources as Record<string, { Type: string }>).map(({ Type }) => Type);
}

describe('a segment without any properties', () => {
  const template = segmentTemplate();

  test('has two isolated subnets with a route table each, and no gateway or route to anywhere', () => {
    template.hasResourceProperties('AWS::EC2::VPC', { CidrBlock: '10.64.0.0/20', EnableDnsSupport: true, EnableDnsHostnames: true });
    template.resourceCountIs('AWS::EC2::Subnet', 2);
    template.resourceCountIs('AWS::EC2::RouteTable', 2);
    template.hasResourceProperties('AWS::EC2::Subnet', { AvailabilityZone: zone('a'), CidrBlock: '10.64.0.0/22', MapPublicIpOnLaunch: false });
    template.hasResourceProperties('AWS::EC2::Subnet', { AvailabilityZone: zone('b'), CidrBlock: '10.64.4.0/22', MapPublicIpOnLaunch: false });
    const outward = ['AWS::EC2::InternetGateway', 'AWS::EC2::NatGateway', 'AWS::EC2::Route', 'AWS::EC2::VPCGatewayAttachment', 'AWS::EC2::EIP'];
    expect(typesIn(template).filter((type) => outward.includes(type))).toEqual([]);
  });

  test('brings no function and no custom resource', () => {
    expect(typesIn(template).filter((type) => type.startsWith('Custom::') || type === 'AWS::Lambda::Function')).toEqual([]);
  });

  test('has the two gateways, which cost nothing, and no interface endpoint', () => {
    template.resourceCountIs('AWS::EC2::VPCEndpoint', 2);
    template.allResourcesProperties('AWS::EC2::VPCEndpoint', { VpcEndpointType: 'Gateway', RouteTableIds: [Match.anyValue(), Match.anyValue()] });
  });

  test('logs all traffic with a role that only the flow logs of its account can assume', () => {
    template.hasResource('AWS::EC2::FlowLog', {
      Properties: { ResourceType: 'VPC', TrafficType: 'ALL', LogDestinationType: 'cloud-watch-logs', MaxAggregationInterval: 60 },
      DependsOn: Match.arrayWith([Match.stringLikeRegexp('FlowLogsRolePolicy')]),
    });
    template.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [Match.objectLike({
          Principal: { Service: 'vpc-flow-logs.amazonaws.com' },
          Condition: { StringEquals: { 'aws:SourceAccount': '111111111111' }, ArnLike: { 'aws:SourceArn': Match.anyValue() } },
        })],
      },
    });
  });

  test('keeps flow logs and query log encrypted, for as long as the profile says, beyond the life of the stack', () => {
    template.resourceCountIs('AWS::Logs::LogGroup', 2);
    template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 2192, KmsKeyId: Match.anyValue() });
    template.allResources('AWS::Logs::LogGroup', { DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
  });

  test('lets only the log delivery of its account write the query log, before anything is delivered', () => {
    const [{ Properties }] = Object.values(template.findResources('AWS::Logs::ResourcePolicy')) as [{ Properties: { PolicyDocument: unknown } }];
    const text = JSON.stringify(Properties.PolicyDocument);
    expect(text).toContain('delivery.logs.amazonaws.com');
    expect(text).toContain('aws:SourceAccount');
    template.hasResource('AWS::Route53Resolver::ResolverQueryLoggingConfig', { DependsOn: [Match.stringLikeRegexp('QueryLogLogsPolicy')] });
    template.hasResourceProperties('AWS::Route53Resolver::ResolverQueryLoggingConfigAssociation', { ResourceId: { Ref: Match.stringLikeRegexp('^SegmentVpc') } });
  });

  test('keeps the ids of its stateful resources', () => {
    const ids = Object.entries(template.toJSON().Resources as Record<string, { Type: string }>)
      .filter(([, { Type }]) => ['AWS::EC2::VPC', 'AWS::EC2::Subnet', 'AWS::KMS::Key', 'AWS::Logs::LogGroup'].includes(Type)).map(([id]) => id);
    expect(ids).toEqual([
      'SegmentVpc3AA08892', 'SegmentIsolated1Subnet085B6D8A', 'SegmentIsolated2Subnet90871EB8', 'SegmentLogKey6DC6E573', 'SegmentFlowLogsD49BB37C', 'SegmentQueryLogLogsD5315671',
    ]);
  });
});

describe('no account is looked up', () => {
  test.each<[string, Environment | undefined]>([['with an environment', ENV], ['without one', undefined]])('%s', (_, env) => {
    const stack = stackWith({}, env);
    new NetworkSegment(stack, 'Segment', { services: ['kms'] });
    const assembly = (stack.node.root as App).synth();
    expect(assembly.manifest.missing ?? []).toEqual([]);
  });

  test('the zones of a region that is known at deployment only are its name and a letter', () => {
    const stack = stackWith({}, {});
    new NetworkSegment(stack, 'Segment');
    Template.fromStack(stack).hasResourceProperties('AWS::EC2::Subnet', { AvailabilityZone: zone('b') });
  });

  test('a segment in a stage of its own account synthesises there', () => {
    const app = new App();
    const stage = new Stage(app, 'Production', { env: { account: '333333333333', region: 'eu-west-1' } });
    new SegmentedNetwork(new Stack(stage, 'Network'), 'Network', { production: {} });
    const template = Template.fromJSON(app.synth().getNestedAssembly('assembly-Production').stacks[0].template as Record<string, unknown>);
    template.hasResourceProperties('AWS::EC2::VPC', { CidrBlock: '10.64.32.0/20' });
    template.hasResourceProperties('AWS::EC2::Subnet', { AvailabilityZone: zone('a') });
  });
});

describe('range and zones', () => {
  test('three zones take three quarters of the range; a zone at the end moves no subnet', () => {
    const template = segmentTemplate({ cidr: '10.1.0.0/16', zones: ['eu-central-1c', 'eu-central-1a', 'eu-central-1b'] });
    template.hasResourceProperties('AWS::EC2::Subnet', { AvailabilityZone: zone('c'), CidrBlock: '10.1.0.0/18' });
    template.hasResourceProperties('AWS::EC2::Subnet', { AvailabilityZone: zone('b'), CidrBlock: '10.1.128.0/18' });
    const two = segmentTemplate({ cidr: '10.1.0.0/16', zones: ['eu-central-1c', 'eu-central-1a'] });
    const subnets = (of: Template) => of.findResources('AWS::EC2::Subnet');
    expect(subnets(template)).toMatchObject(subnets(two));
  });

  test.each([
    '10.0.0.0', '10.0.0.0/8', '10.0.0.0/25', '10.0.0.0/15', '10.0.16.0/16', '256.0.0.0/16', '10.0.0/20', '::/64', '', '0x0a.0.0.0/20', '10.64.0.0/20 ', '10.64.0.0/-20', '__proto__',
  ])('fails for the range %j', (cidr) => {
    expect(() => segmentTemplate({ cidr })).toThrow('cidr must be an aligned IPv4 range between /16 and /24');
  });

  test('fails for a range that is not known at synthesis', () => {
    const stack = stackWith();
    expect(() => new NetworkSegment(stack, 'Segment', { cidr: new CfnParameter(stack, 'Range').valueAsString })).toThrow('cidr must be known at synthesis');
  });

  test('fails for zones of another region, and for ids of zones', () => {
    expect(() => segmentTemplate({ zones: ['eu-west-1a', 'eu-west-1b'] })).toThrow("zones must be names of zones in eu-central-1 such as 'eu-central-1a', got 'eu-west-1a'");
    expect(() => segmentTemplate({ zones: ['euc1-az1', 'euc1-az2'] })).toThrow("got 'euc1-az1'");
  });

  test.each([[[]], [['eu-central-1a']], [['eu-central-1a', 'eu-central-1a']], [['a', 'b', 'c', 'd', 'e']]])('fails for the zones %j', (zones) => {
    expect(() => segmentTemplate({ zones })).toThrow('zones must be two to 4 different zones');
  });
});

describe('services', () => {
  test('each gets one endpoint with private names in all zones, however often it is required', () => {
    const stack = stackWith();
    const segment = new NetworkSegment(stack, 'Segment', { services: ['kms', 'kms'] });
    segment.require({ services: ['kms', 'sagemaker.api'] });
    const template = Template.fromStack(stack);
    template.resourcePropertiesCountIs('AWS::EC2::VPCEndpoint', { VpcEndpointType: 'Interface' }, 2);
    for (const service of ['kms', 'sagemaker.api']) {
      template.hasResourceProperties('AWS::EC2::VPCEndpoint', {
        ServiceName: `com.amazonaws.eu-central-1.${service}`, PrivateDnsEnabled: true, SubnetIds: [Match.anyValue(), Match.anyValue()],
        SecurityGroupIds: [{ 'Fn::GetAtt': [Match.stringLikeRegexp('GroupsEndpoints'), 'GroupId'] }],
      });
    }
  });

  test.each(['s4', 'ec2', '', '__proto__', 'constructor', 'toString'])('fails for the unknown service %j', (service) => {
    expect(() => segmentTemplate({ services: [service] })).toThrow(`service '${service}' is not known: name one of dynamodb, ecr.api`);
  });

  test('S3 goes through its gateway where the prefix list is known', () => {
    const template = segmentTemplate({ services: ['s3'], s3PrefixListId: 'pl-6ea54007' });
    template.resourcePropertiesCountIs('AWS::EC2::VPCEndpoint', { VpcEndpointType: 'Interface' }, 0);
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      SecurityGroupEgress: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, DestinationPrefixListId: 'pl-6ea54007', Description: 'HTTPS to s3 through its gateway endpoint' }],
    });
  });

  test('and else through an interface endpoint, which then answers its names for the whole VPC', () => {
    segmentTemplate({ services: ['s3'] }).hasResourceProperties('AWS::EC2::VPCEndpoint', {
      ServiceName: 'com.amazonaws.eu-central-1.s3', VpcEndpointType: 'Interface', DnsOptions: { PrivateDnsOnlyForInboundResolverEndpoint: 'AllResolvers' },
    });
  });

  test('DynamoDB needs its prefix list', () => {
    expect(() => segmentTemplate({ services: ['dynamodb'] })).toThrow('reaches dynamodb through a gateway: give dynamoDbPrefixListId');
    segmentTemplate({ services: ['dynamodb'], dynamoDbPrefixListId: 'pl-66a5400f' }).hasResourceProperties('AWS::EC2::SecurityGroup', {
      SecurityGroupEgress: [Match.objectLike({ DestinationPrefixListId: 'pl-66a5400f' })],
    });
  });

  test('images need S3, where their layers are', () => {
    segmentTemplate({ services: ['ecr.dkr'] }).hasResourceProperties('AWS::EC2::VPCEndpoint', { ServiceName: 'com.amazonaws.eu-central-1.s3', VpcEndpointType: 'Interface' });
  });

  test.each(['s3PrefixListId', 'dynamoDbPrefixListId'])('fails for a %s that is none', (name) => {
    expect(() => segmentTemplate({ [name]: 'sg-6ea54007' })).toThrow(`${name} must look like 'pl-6ea54007', got 'sg-6ea54007'`);
  });

  test('tells the ids of endpoints, for a posture that names them', () => {
    const segment = new NetworkSegment(stackWith(), 'Segment', { services: ['s3', 'kms'] });
    expect([segment.vpcEndpointIds('s3').length, segment.vpcEndpointIds('kms').length, segment.vpcEndpointIds('sns').length]).toEqual([2, 1, 0]);
    expect(() => segment.vpcEndpointIds('nothing')).toThrow("service 'nothing' is not known");
  });
});

describe('security groups', () => {
  const stack = stackWith();
  const segment = new NetworkSegment(stack, 'Segment', { services: ['kms'] });
  const groups = Template.fromStack(stack).findResources('AWS::EC2::SecurityGroup') as Record<string, { Properties: Record<string, unknown> }>;
  const text = JSON.stringify([groups, Template.fromStack(stack).findResources('AWS::EC2::SecurityGroupIngress')]);

  test('name groups and prefix lists, never addresses, and each rule says what it is for', () => {
    expect(text).not.toMatch(/Cidr|\d+\.\d+\.\d+\.\d+/);
    type Egress = { Description: string; FromPort: number; ToPort: number };
    const rules = Object.values(groups).flatMap(({ Properties }) => Properties.SecurityGroupEgress as Egress[]);
    expect(rules.length).toBe(2);
    for (const rule of rules) expect(rule).toMatchObject({ Description: expect.stringMatching(/.{5}/) as string, FromPort: 443, ToPort: 443, IpProtocol: 'tcp' });
  });

  test('endpoints let functions and jobs in and reach nothing: the prefix list is empty', () => {
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::EC2::PrefixList', { MaxEntries: 1, Entries: Match.absent() });
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      GroupDescription: 'Interface endpoints of the segment', SecurityGroupIngress: Match.absent(),
      SecurityGroupEgress: [Match.objectLike({ DestinationPrefixListId: { 'Fn::GetAtt': [Match.stringLikeRegexp('Nowhere'), 'PrefixListId'] } })],
    });
    template.resourceCountIs('AWS::EC2::SecurityGroupIngress', 1);
  });

  test.each([['10.0.0.0/8', Peer.ipv4('10.0.0.0/8')], ['0.0.0.0/0', Peer.anyIpv4()], ['::/0', Peer.anyIpv6()]])('refuse a rule with the address %s, in and out', (address, peer) => {
    expect(() => segment.securityGroup.addEgressRule(peer, Port.tcp(443))).toThrow(`takes no rule with an address, got '${address}'`);
    expect(() => segment.securityGroup.addIngressRule(peer, Port.tcp(443))).toThrow(`takes no rule with an address, got '${address}'`);
  });

  test('take a rule with a group', () => {
    expect(() => segment.securityGroup.addIngressRule(segment.securityGroup, Port.tcp(7777), 'Between the machines of a job')).not.toThrow();
  });
});

describe('the DNS firewall', () => {
  function allowed(template: Template): unknown[] {
    const lists = Object.values(template.findResources('AWS::Route53Resolver::FirewallDomainList')) as { Properties: { Domains: unknown[] } }[];
    return lists.map(({ Properties }) => Properties.Domains).find((domains) => domains.length > 1)!
      .map((domain) => JSON.stringify(domain).replace(/^\{"Fn::Join":\["",\["(.*)",\{"Ref":"AWS::URLSuffix"\}\]\]\}$/, '$1<suffix>').replaceAll('"', ''));
  }

  test('answers the names of the endpoints that are there, also of those that are required later', () => {
    const stack = stackWith();
    const segment = new NetworkSegment(stack, 'Segment', { services: ['ecr.dkr'] });
    segment.require({ services: ['kms'] });
    expect(allowed(Template.fromStack(stack))).toEqual([
      'dynamodb.eu-central-1.<suffix>', '*.ddb.eu-central-1.<suffix>', '*.dkr.ecr.eu-central-1.<suffix>', 'kms.eu-central-1.<suffix>',
      's3.eu-central-1.<suffix>', '*.s3.eu-central-1.<suffix>', '*.compute.internal', '*.10.in-addr.arpa', '*.168.192.in-addr.arpa',
      ...Array.from({ length: 16 }, (_, index) => `*.${16 + index}.172.in-addr.arpa`),
    ]);
    expect(segment.hosts).toHaveLength(6);
  });

  test.each([[SecurityProfile.REGULATED, { Action: 'BLOCK', BlockResponse: 'NXDOMAIN' }], [SecurityProfile.BASELINE, { Action: 'ALERT', BlockResponse: Match.absent() }]])(
    'treats every other name as %s says',
    (profile, refusal) => {
      const template = segmentTemplate({}, { profile });
      template.hasResourceProperties('AWS::Route53Resolver::FirewallDomainList', { Domains: ['*'] });
      template.hasResourceProperties('AWS::Route53Resolver::FirewallRuleGroup', {
        FirewallRules: [
          { Priority: 100, Action: 'ALLOW', FirewallDomainListId: { 'Fn::GetAtt': [Match.stringLikeRegexp('Allowed'), 'Id'] }, FirewallDomainRedirectionAction: 'TRUST_REDIRECTION_DOMAIN' },
          Match.objectLike({ Priority: 200, FirewallDomainListId: { 'Fn::GetAtt': [Match.stringLikeRegexp('Everything'), 'Id'] }, ...refusal }),
        ],
      });
      template.hasResourceProperties('AWS::Route53Resolver::FirewallRuleGroupAssociation', { VpcId: { Ref: Match.stringLikeRegexp('^SegmentVpc') } });
    },
  );

  test('answers further names that are given, and the exact bucket of custom resources', () => {
    const names = allowed(segmentTemplate({ allowedDomains: ['*.corp.example', 'db.corp.example'], customResources: true }));
    expect(names).toEqual(expect.arrayContaining(['*.corp.example', 'db.corp.example', 'cloudformation-custom-resource-response-eucentral1.s3-eu-central-1.<suffix>']));
  });

  test.each(['*', '*.', '*.com', 'example', '', 'a b.example', '*.*.example', 'x.example/..', `${'a.'.repeat(130)}example`])('fails for the name %j', (domain) => {
    expect(() => segmentTemplate({ allowedDomains: [domain] })).toThrow('allowedDomains must hold names of at least two labels');
  });

  test('knows the names of machines in the oldest region', () => {
    const stack = stackWith({}, { account: '111111111111', region: 'us-east-1' });
    new NetworkSegment(stack, 'Segment');
    expect(allowed(Template.fromStack(stack))).toContain('*.ec2.internal');
  });
});

test('logs go under a key that is given', () => {
  const stack = stackWith();
  new NetworkSegment(stack, 'Segment', { logKey: Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-central-1:111111111111:key/00000000-0000-0000-0000-000000000000') });
  const template = Template.fromStack(stack);
  template.resourceCountIs('AWS::KMS::Key', 0);
  template.allResourcesProperties('AWS::Logs::LogGroup', { KmsKeyId: 'arn:aws:kms:eu-central-1:111111111111:key/00000000-0000-0000-0000-000000000000' });
});

test('a segment and the construct that makes several declare the controls that they serve', () => {
  const network = new SegmentedNetwork(stackWith(), 'Network', { training: {} });
  const controlsOf = ({ node }: NetworkSegment | SegmentedNetwork) => node.metadata.find(({ type }) => type === 'cdk-secure-ai:controls')?.data as unknown;
  expect(controlsOf(network)).toEqual(['P2', 'RT1']);
  expect(controlsOf(network.training)).toEqual(['DP2b', 'OB1', 'P2', 'P3', 'P5', 'RT1']);
});

describe('segments', () => {
  test('are all three, in ranges that do not overlap, when none is named', () => {
    const stack = stackWith();
    const network = new SegmentedNetwork(stack, 'Network');
    const ranges = Object.values(Template.fromStack(stack).findResources('AWS::EC2::VPC')).map(({ Properties }) => (Properties as { CidrBlock: string }).CidrBlock);
    expect(ranges).toEqual(['10.64.0.0/20', '10.64.16.0/20', '10.64.32.0/20']);
    expect(new Set([network.training.vpc, network.staging.vpc, network.production.vpc]).size).toBe(3);
  });

  test('are those that are named, and the others are told apart from mistakes', () => {
    const network = new SegmentedNetwork(stackWith(), 'Network', { training: {}, production: { cidr: '10.9.0.0/20' } });
    expect(network.node.children.map(({ node }) => node.id)).toEqual(['Training', 'Production']);
    expect(() => network.staging).toThrow("'Stack/Network' has no staging segment: it names training, production; add staging");
  });

  test('may be in networks that are there', () => {
    const stack = stackWith();
    const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', { vpcId: 'vpc-1', availabilityZones: ['a', 'b'], isolatedSubnetIds: ['subnet-1', 'subnet-2'], isolatedSubnetRouteTableIds: ['rtb-1', 'rtb-2'] });
    expect(new SegmentedNetwork(stack, 'Network', { staging: { existing: { vpc } } }).staging.vpc).toBe(vpc);
  });
});

describe('the promoter in a segment', () => {
  function promoterIn(props: (segment: NetworkSegment, stack: Stack) => object): Template {
    const stack = stackWith();
    const segment = new NetworkSegment(stack, 'Segment');
    new ModelPromoter(stack, 'Promoter', { store: new ModelArtifactBucket(stack, 'Models'), ...props(segment, stack) });
    return Template.fromStack(stack);
  }

  test('asks for the endpoint that it needs, and runs in the segment', () => {
    const template = promoterIn((segment) => ({ segment }));
    template.hasResourceProperties('AWS::EC2::VPCEndpoint', { ServiceName: 'com.amazonaws.eu-central-1.s3', VpcEndpointType: 'Interface' });
    template.resourcePropertiesCountIs('AWS::EC2::VPCEndpoint', { VpcEndpointType: 'Interface' }, 1);
    template.hasResourceProperties('AWS::Lambda::Function', {
      VpcConfig: {
        SubnetIds: [{ Ref: Match.stringLikeRegexp('^SegmentIsolated1') }, { Ref: Match.stringLikeRegexp('^SegmentIsolated2') }],
        SecurityGroupIds: [{ 'Fn::GetAtt': [Match.stringLikeRegexp('^SegmentGroupsWorkloads'), 'GroupId'] }],
      },
    });
  });

  test('may be in another stack: the segment refers to nothing in it', () => {
    const app = new App();
    const [network, models] = ['Network', 'Models'].map((name) => new Stack(app, name, { env: ENV }));
    const segment = new NetworkSegment(network, 'Segment');
    new ModelPromoter(models, 'Promoter', { store: new ModelArtifactBucket(models, 'Models'), segment });
    const template = Template.fromStack(network);
    template.resourcePropertiesCountIs('AWS::EC2::VPCEndpoint', { VpcEndpointType: 'Interface' }, 1);
    expect(JSON.stringify(template.toJSON())).not.toContain('Fn::ImportValue');
  });

  test.each([
    ['neither a segment nor a VPC', () => ({}), 'needs a segment, or vpc and securityGroups'],
    ['a VPC without groups', (segment: NetworkSegment) => ({ vpc: segment.vpc }), 'needs a segment, or vpc and securityGroups'],
    ['both', (segment: NetworkSegment) => ({ segment, vpc: segment.vpc }), 'segment and vpc contradict each other'],
    ['a segment and groups', (segment: NetworkSegment, stack: Stack) => ({ segment, securityGroups: [SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-1')] }), 'segment and securityGroups contradict'],
  ])('fails for %s', (_, props, message) => {
    expect(() => promoterIn(props)).toThrow(message);
  });
});

describe('all packs, and the validation of CloudFormation', () => {
  const temp = fs.mkdtempSync(path.join(os.tmpdir(), 'segments-'));
  afterAll(() => fs.rmSync(temp, { recursive: true, force: true }));
  afterEach(() => vi.unstubAllEnvs());

  test.each(Object.values(SecurityProfile))('find nothing in segments without properties, and in one with every service, under %s', (profile) => {
    vi.stubEnv('CDK_VALIDATION', undefined);
    const app = new App({ outdir: path.join(temp, profile) });
    const stack = new Stack(app, 'Stack', { env: ENV });
    // The topic of the strictest posture is in an app of its own: its stack is empty, which the CDK reports.
    SecurityPosture.attach(stack, PROFILE_POSTURES[profile](new App()));
    new SegmentedNetwork(stack, 'Network');
    new NetworkSegment(stack, 'Busy', { services: [...AWS_SERVICES], dynamoDbPrefixListId: 'pl-66a5400f', customResources: true });
    ComplianceChecks.addTo(app);
    app.synth();
    const results = CheckResults.read(app.outdir);
    expect(results.packs.flatMap(({ open }) => open)).toEqual([]);
    expect(results.packs.flatMap(({ errors }) => errors)).toEqual([]);
    expect(results.totals).toMatchObject({ open: 0, undetermined: 0 });
    expect(results.cloudFormationFindings).toBe(0);
  });
});
