import { describe, expect, test } from 'vitest';
import { AttackJudge } from '../../../lib/assurance/attacks/attack-judge';
import type { AttackResult } from '../../../lib/assurance/attacks/attack-result';
import { EVERY_ATTACK } from '../../../lib/assurance/attacks/catalogue';
import { parseAttacks } from '../../../lib/assurance/attacks/parse-attacks';
import type { AnyAttack } from '../../../lib/assurance/attacks/network-attack';
import { NETWORK_ATTACKS } from '../../../lib/assurance/attacks/catalogue/network';
import { TemplateModel } from '../../../lib/assurance/template';
import type { Json } from './template';
import { ACCOUNT, document, role } from './template';

interface Resource {
  readonly Type: string;
  readonly Properties: Json;
}

type Resources = Record<string, Resource>;

const ref = (id: string): object => ({ Ref: id });
const group = (id: string): object => ({ 'Fn::GetAtt': [id, 'GroupId'] });
const GUARD = document({ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*', Condition: { StringEquals: { 'aws:ResourceAccount': ACCOUNT } } });

/** A model, an agent and a function in a subnet whose only ways are endpoints of AWS. */
function closed(): Resources {
  return {
    Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
    Subnet: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: ref('Vpc'), CidrBlock: '10.0.1.0/24' } },
    Table: { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: ref('Vpc') } },
    Join: { Type: 'AWS::EC2::SubnetRouteTableAssociation', Properties: { SubnetId: ref('Subnet'), RouteTableId: ref('Table') } },
    Own: {
      Type: 'AWS::EC2::SecurityGroup',
      Properties: {
        GroupDescription: 'own',
        VpcId: ref('Vpc'),
        SecurityGroupEgress: [
          { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, DestinationSecurityGroupId: group('Doors') },
        ],
      },
    },
    Doors: {
      Type: 'AWS::EC2::SecurityGroup',
      Properties: {
        GroupDescription: 'doors',
        VpcId: ref('Vpc'),
        SecurityGroupEgress: [{ IpProtocol: 'icmp', CidrIp: '255.255.255.255/32' }],
        SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, SourceSecurityGroupId: group('Own') }],
      },
    },
    S3: {
      Type: 'AWS::EC2::VPCEndpoint',
      Properties: {
        VpcEndpointType: 'Interface', VpcId: ref('Vpc'), ServiceName: 'com.amazonaws.eu-west-1.s3', SubnetIds: [ref('Subnet')],
        SecurityGroupIds: [group('Doors')], PolicyDocument: GUARD,
      },
    },
    ModelBucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'models' } },
    ModelRole: role('model', 'sagemaker.amazonaws.com', [{ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::models/*' }]) as unknown as Resource,
    Model: {
      Type: 'AWS::SageMaker::Model',
      Properties: {
        ExecutionRoleArn: { 'Fn::GetAtt': ['ModelRole', 'Arn'] },
        VpcConfig: { Subnets: [ref('Subnet')], SecurityGroupIds: [group('Own')] },
      },
    },
    Agent: {
      Type: 'AWS::BedrockAgentCore::Runtime',
      Properties: { NetworkConfiguration: { NetworkMode: 'VPC', NetworkModeConfig: { Subnets: [ref('Subnet')], SecurityGroups: [group('Own')] } } },
    },
    Scanner: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Role: { 'Fn::GetAtt': ['ModelRole', 'Arn'] },
        VpcConfig: { SubnetIds: [ref('Subnet')], SecurityGroupIds: [group('Own')] },
      },
    },
  };
}

function judged(attack: string | AnyAttack, change: (resources: Resources) => void = () => undefined): AttackResult {
  const resources = closed();
  change(resources);
  const spec = typeof attack === 'string' ? EVERY_ATTACK.find((one) => one.id === attack) : attack;
  if (spec === undefined) throw new Error(`no attack ${JSON.stringify(attack)}`);
  const model = TemplateModel.of([{ stackName: 'app', template: { Resources: resources }, account: ACCOUNT, region: 'eu-west-1' }]);
  return AttackJudge.of(model).judge(spec);
}

const openGroup = (r: Resources): void => void (r.Own.Properties.SecurityGroupEgress = [{ IpProtocol: '-1', CidrIp: '0.0.0.0/0' }]);
const openRoute = (r: Resources): void => {
  r.Gateway = { Type: 'AWS::EC2::InternetGateway', Properties: {} };
  r.Attach = { Type: 'AWS::EC2::VPCGatewayAttachment', Properties: { VpcId: ref('Vpc'), InternetGatewayId: ref('Gateway') } };
  r.Way = { Type: 'AWS::EC2::Route', Properties: { RouteTableId: ref('Table'), DestinationCidrBlock: '0.0.0.0/0', GatewayId: ref('Gateway') } };
};
const isolate = (r: Resources): void => void (r.Model.Properties.EnableNetworkIsolation = true);
const packets = (result: AttackResult): readonly string[] | undefined => result.layers.find((by) => by.callers === 'PACKET')?.alone;

test('the ids of the catalogue differ, and what meets one layer says why', () => {
  expect(new Set(EVERY_ATTACK.map(({ id }) => id)).size).toBe(EVERY_ATTACK.length);
  for (const { id, oneLayer } of NETWORK_ATTACKS) expect([id, (oneLayer ?? '').length > 20]).toEqual([id, true]);
});

describe.each(['AISEC-06D', 'AISEC-14'])('%s: what runs code has no way out', (id) => {
  test('proved where routes and groups stand on it, and the policy of the endpoint on what that carries', () => {
    const result = judged(id);
    expect(result).toMatchObject({ verdict: 'PROVED', depth: 1, layers: [{ alone: ['ROUTES', 'SECURITY_GROUP'], needed: [] }, { alone: ['ENDPOINT_POLICY'] }] });
    expect(result.assumptions.join()).toContain('the declared configuration does not block');
  });
  test.each<[string, (r: Resources) => void, string[]]>([
    ['the group is open', openGroup, ['ROUTES']],
    ['the route is open', openRoute, ['SECURITY_GROUP']],
  ])('one layer less where %s', (_name, change, alone) => {
    const result = judged(id, change);
    expect([result.verdict, packets(result)]).toEqual(['PROVED', alone]);
  });
  test('refuted where both are open, with a way that can be read', () => {
    const result = judged(id, (r) => [openGroup, openRoute].forEach((change) => change(r)));
    expect(result.verdict).toBe('REFUTED');
    expect(result.reasons[0]).toMatch(/^app\/(Model|Agent) reaches internet: TCP from 10\.0\.1\.\d+ to \d.* port 443: app\/Subnet .* -> app\/Own .* -> internet/);
  });
  test.each<[string, (r: Resources) => void]>([
    ['it has no policy', (r) => delete r.S3.Properties.PolicyDocument],
    ['its policy does not ask whose bucket it is', (r) => void (r.S3.Properties.PolicyDocument = document({ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }))],
  ])('refuted through the endpoint where %s', (_name, change) => {
    const result = judged(id, change);
    expect(result.verdict).toBe('REFUTED');
    expect(result.reasons.join()).toMatch(/s3:PutObject \S+,.*aws:SourceVpce=vpce-/);
  });
  test('an endpoint that packets do not reach carries nothing, and what can do nothing at all proves little', () => {
    const result = judged(id, (r) => {
      r.Own.Properties.SecurityGroupEgress = [{ IpProtocol: 'icmp', CidrIp: '255.255.255.255/32' }];
      delete r.S3.Properties.PolicyDocument;
    });
    expect([result.verdict, result.layers.map((by) => by.callers)]).toEqual(['PROVED_VACUOUSLY', ['PACKET']]);
    expect(result.reasons).toEqual([expect.stringMatching(/^legitimate use is not possible either: no endpoint of \*(\.s3)? is reached/)]);
  });
  test('undetermined where the place is in no template', () => {
    const elsewhere = (r: Resources): void => {
      r.Model.Properties.VpcConfig = { Subnets: ['subnet-0a1b2c3d4e5f60718'], SecurityGroupIds: ['sg-0a1b2c3d4e5f60718'] };
      r.Agent.Properties.NetworkConfiguration = { NetworkMode: 'VPC', NetworkModeConfig: { Subnets: ['subnet-0a1b2c3d4e5f60718'], SecurityGroups: ['sg-0a1b2c3d4e5f60718'] } };
    };
    const { verdict, reasons } = judged(id, elsewhere);
    expect(verdict).toBe('UNDETERMINED');
    expect(reasons.join()).toMatch(/subnet-0a1b2c3d4e5f60718|sg-0a1b2c3d4e5f60718/);
  });
});

describe('network isolation', () => {
  test('is a layer beside routes and groups', () => expect(packets(judged('AISEC-06D', isolate))).toEqual(['NETWORK_ISOLATION', 'ROUTES', 'SECURITY_GROUP']));
  test('holds where everything else is open', () => {
    const result = judged('AISEC-06D', (r) => [isolate, openGroup, openRoute].forEach((change) => change(r)));
    expect([result.verdict, packets(result)]).toEqual(['PROVED', ['NETWORK_ISOLATION']]);
  });
  test('leaves the counterpart possible where the network behind it is in no template, and not in one that has no endpoint', () => {
    const elsewhere = judged('AISEC-06D', (r) => {
      isolate(r);
      r.Model.Properties.VpcConfig = { Subnets: ['subnet-0a1b2c3d4e5f60718'], SecurityGroupIds: ['sg-0a1b2c3d4e5f60718'] };
    });
    expect(elsewhere.verdict).toBe('PROVED');
    expect(judged('AISEC-06D', (r) => { isolate(r); delete r.S3; }).verdict).toBe('PROVED_VACUOUSLY');
  });
  test('a model without it and without a VPC reaches the internet', () => {
    expect(judged('AISEC-06D', (r) => delete r.Model.Properties.VpcConfig)).toMatchObject({ verdict: 'REFUTED', reasons: [expect.stringContaining('app/Model reaches internet')] });
  });
});

describe('AISEC-06E: the network that models are handled in', () => {
  const onlyScanner = (r: Resources): void => {
    delete r.Model;
    delete r.Agent;
  };
  test('is found by the function whose role reads models', () => {
    expect(judged('AISEC-06E', onlyScanner)).toMatchObject({ verdict: 'PROVED', subjects: { places: ['app/Vpc'] } });
    expect(judged('AISEC-06E', (r) => { onlyScanner(r); r.ModelRole = role('other', 'lambda.amazonaws.com', []) as unknown as Resource; }).verdict).toBe('NOT_APPLICABLE');
  });
  test('lets out what is in its default group as soon as a route leads out', () => {
    expect(judged('AISEC-06E', openRoute)).toMatchObject({ verdict: 'REFUTED', reasons: [expect.stringContaining('app/Vpc reaches internet')] });
  });
});

test('a function that an agent calls is judged with it', () => {
  const result = judged('AISEC-14', (r) => {
    delete r.Agent;
    r.Scanner.Properties.VpcConfig = {};
    r.Helper = { Type: 'AWS::Bedrock::Agent', Properties: { AgentName: 'helper', ActionGroups: [{ ActionGroupName: 'a', ActionGroupExecutor: { Lambda: { 'Fn::GetAtt': ['Scanner', 'Arn'] } } }] } };
  });
  expect(result).toMatchObject({ verdict: 'REFUTED', reasons: [expect.stringContaining('app/Scanner reaches internet')] });
});

test('what runs at a place that is not read is never taken for closed', () => {
  expect(judged('AISEC-06D', (r) => void (r.Cluster = { Type: 'AWS::SageMaker::Cluster', Properties: {} }))).toMatchObject({ verdict: 'UNDETERMINED', reasons: [expect.stringContaining('app/Cluster')] });
});

test('where nothing of the kind is there, nothing is claimed', () => {
  expect(judged('AISEC-14', (r) => delete r.Agent)).toMatchObject({ verdict: 'NOT_APPLICABLE', layers: [] });
});

describe('an attack of a user', () => {
  const own = (more: object): AnyAttack => {
    const attack = { id: 'OWN-NET', title: 'a helper gets out', network: { types: ['AWS::BedrockAgentCore::Runtime'] }, ...more };
    return parseAttacks(JSON.stringify({ schema: 'cdk-secure-ai/attacks/v1', attacks: [attack] })).attacks[0];
  };
  const peer = (r: Resources): void => {
    r.Peering = { Type: 'AWS::EC2::VPCPeeringConnection', Properties: { VpcId: ref('Vpc'), PeerVpcId: 'vpc-0a1b2c3d4e5f60718' } };
    r.ToPeer = { Type: 'AWS::EC2::Route', Properties: { RouteTableId: ref('Table'), DestinationCidrBlock: '172.16.0.0/12', VpcPeeringConnectionId: ref('Peering') } };
    openGroup(r);
  };
  const open = (r: Resources): void => [openGroup, openRoute].forEach((change) => change(r));

  test('is judged like one of the library: proved where all is closed, refuted where a way leads out', () => {
    expect(judged(own({ legitimate: { reaches: ['*.s3'] } }))).toMatchObject({ verdict: 'PROVED', depth: 2, threats: [], controls: [], layers: [{ callers: 'PACKET', alone: ['ROUTES', 'SECURITY_GROUP'] }] });
    expect(judged(own({}), open)).toMatchObject({ verdict: 'REFUTED', reasons: [expect.stringMatching(/^app\/Agent reaches internet: TCP from 10\.0\.1\./)] });
  });
  test('speaks of the ways out that it names, and of no others', () => {
    expect(judged(own({ to: ['INTERNET'] }), peer).verdict).toBe('PROVED');
    expect(judged(own({ to: ['NETWORK'] }), peer)).toMatchObject({ verdict: 'REFUTED', reasons: [expect.stringContaining('vpc-0a1b2c3d4e5f60718')] });
    expect(judged(own({}), peer).verdict).toBe('REFUTED');
    expect(judged(own({ to: ['NETWORK'] }), open).verdict).toBe('PROVED');
  });
  test('speaks of what is called so and tagged so', () => {
    const tagged = (r: Resources): void => {
      open(r);
      r.Agent.Properties.Tags = [{ Key: 'team', Value: 'risk' }];
    };
    const meant = (more: object): string => judged(own({ network: { types: ['AWS::BedrockAgentCore::Runtime'], ...more } }), tagged).verdict;
    expect([meant({ names: ['agent*'] }), meant({ tags: { team: 'ri*' } }), meant({ names: ['agent*'], tags: { team: 'risk' } })]).toEqual(['REFUTED', 'REFUTED', 'REFUTED']);
    expect([meant({ names: ['other*'] }), meant({ tags: { team: 'fraud' } })]).toEqual(['NOT_APPLICABLE', 'NOT_APPLICABLE']);
  });
  test('has its own subjects in what functions may do and in what endpoints carry', () => {
    const vault = { resources: [{ types: ['AWS::S3::Bucket'], names: ['modelbucket'] }] };
    const readers = { types: ['AWS::BedrockAgentCore::BrowserCustom'], functionsThatMay: { action: ['s3:GetObject'], resource: ['@vault@/*'] } };
    expect(judged(own({ subjects: { vault }, network: readers }), open)).toMatchObject({ verdict: 'REFUTED', reasons: [expect.stringContaining('app/Scanner reaches internet')] });
    const nothing = { resources: [{ types: ['AWS::S3::Bucket'], names: ['elsewhere'] }] };
    expect(judged(own({ subjects: { vault: nothing }, network: readers }), open).verdict).toBe('NOT_APPLICABLE');
    const write = { action: ['s3:PutObject'], resource: ['@vault@/*'], principals: { types: ['ROLE'] } };
    expect(judged(own({ subjects: { vault }, through: write })).verdict).toBe('PROVED');
    expect(judged(own({ subjects: { vault }, through: { ...write, action: ['s3:GetObject'] } }))).toMatchObject({ verdict: 'REFUTED', reasons: [expect.stringMatching(/^ModelRole: s3:GetObject arn:aws:s3:::models\//)] });
    expect(judged(own({ subjects: { vault: nothing }, through: write }))).toMatchObject({ verdict: 'NOT_APPLICABLE', reasons: ['the template has no vault'] });
  });
  test.each<[string, object]>([
    ['no endpoint of the service is reached', { reaches: ['*.bedrock-runtime'] }],
    ['nobody may do through it what is legitimate', { reaches: ['*.s3'], request: { action: ['s3:DeleteBucket'], principals: { types: ['ROLE'] } } }],
  ])('is proved vacuously where %s', (_name, legitimate) => {
    expect(judged(own({ legitimate })).verdict).toBe('PROVED_VACUOUSLY');
    expect(judged(own({ legitimate: { reaches: ['*.s3'], request: { action: ['s3:GetObject'], principals: { types: ['ROLE'] } } } })).verdict).toBe('PROVED');
  });
});
