import * as fs from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { CliBench } from './cli-run';

const bench = new CliBench();
afterAll(() => bench.remove());

const document = (...Statement: object[]): object => ({ Version: '2012-10-17', Statement });
const DENIAL = {
  Sid: 'NoInternet', Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: 'arn:aws:s3:::models/*', Condition: { StringNotEquals: { 'aws:SourceVpce': 'vpce-0a' } },
};

function template(name: string, guards: object[], statements: object[] = [{ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::models/*' }]): string {
  bench.write(name, JSON.stringify({
    Resources: {
      Models: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'models' } },
      Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Models' }, PolicyDocument: document(...guards) } },
      Reader: {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: document({ Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' }),
          Policies: [{ PolicyName: 'own', PolicyDocument: document(...statements) }],
        },
      },
    },
  }));
  return name;
}

const closed = template('closed.template.json', [DENIAL]);
const open = template('open.template.json', []);

describe('the exit code says', () => {
  test('0: proved', () => {
    const { code, out } = bench.run('prove', closed, '--attack', 'AISEC-08A');
    expect({ code, out }).toEqual({ code: 0, out: expect.stringContaining('PROVED  AISEC-08A  stolen credentials reach models from the internet: role 1 (resource-deny)') });
  });
  test('1: refuted, with a request that can be read', () => {
    const { code, out } = bench.run('prove', open, '--attack', 'aisec-08a');
    expect(code).toBe(1);
    expect(out).toMatch(/Reader: s3:GetObject arn:aws:s3:::models\/\S+,.* no aws:SourceVpce/);
  });
  test('2: undetermined, where a role has policies that the template does not hold', () => {
    const text = JSON.parse(JSON.stringify({
      Resources: {
        Models: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'models' } },
        Reader: {
          Type: 'AWS::IAM::Role',
          Properties: { AssumeRolePolicyDocument: document({ Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' }), ManagedPolicyArns: ['arn:aws:iam::aws:policy/Mystery'] },
        },
      },
    })) as object;
    bench.write('external.json', JSON.stringify(text));
    expect(bench.run('prove', 'external.json', '--attack', 'AISEC-07A').code).toBe(2);
  });
  test('2: undetermined, where no attack applies', () => {
    bench.write('empty.json', '{"Resources":{}}');
    expect(bench.run('prove', 'empty.json').code).toBe(2);
  });
  test.each<[string, string[], string]>([
    ['a missing file', ['nothing.json'], '"nothing.json" does not exist'],
    ['the default assembly, which is not there', [], '"cdk.out" does not exist'],
    ['a file that is no template', ['key.pem'], 'expected a CloudFormation template'],
    ['a wrong option', [closed, '--atack', 'x'], 'did you mean --attack?'],
    ['an unknown attack', [closed, '--attack', 'AISEC-8A'], 'did you mean AISEC-08A?'],
    ['a wrong organisation', [closed, '--organization', 'acme'], 'give an id such as o-a1b2c3d4e5'],
    ['a file of attacks that is none', [closed, '--attacks', 'closed.template.json'], "unknown property 'Resources'"],
    ['a policy that is no JSON', [closed, '--scp', 'key.pem'], 'is no JSON'],
  ])('64: %s', (_name, args, message) => {
    const { code, err, out } = bench.run('prove', ...args);
    expect({ code, out }).toEqual({ code: 64, out: '' });
    expect(err).toContain(message);
  });
});

test('--json and --sarif are documents', () => {
  const json = bench.run('prove', open, '--attack', 'AISEC-08', '--json').json();
  expect(json).toMatchObject({ schema: 'cdk-secure-ai/proofs/v1', verdict: 'REFUTED', groups: [{ stacks: ['open'] }] });
  const sarif = bench.run('prove', open, '--attack', 'AISEC-08A', '--sarif').json();
  expect(sarif).toMatchObject({ version: '2.1.0', runs: [{ results: [{ ruleId: 'AISEC-08A', kind: 'fail', level: 'error' }] }] });
});

test('--explain says what a verdict rests on', () => {
  const { out } = bench.run('prove', closed, '--attack', 'AISEC-08A', '--explain');
  for (const text of ['models: arn:aws:s3:::models', 'tried as', 'role: RESOURCE_DENY; opens without RESOURCE_DENY', 'actions and ARN formats are those of iam-data', 'AML.T0025 (not compared'])
    expect(out).toContain(text);
});

test('--scp is a second layer', () => {
  bench.write('scp.json', JSON.stringify(document(
    { Effect: 'Allow', Action: '*', Resource: '*' },
    { Effect: 'Deny', Action: 's3:*', Resource: '*', Condition: { Null: { 'aws:SourceVpce': 'true' } } },
  )));
  expect(bench.run('prove', closed, '--attack', 'AISEC-08A', '--scp', 'scp.json').out).toContain('administrator 2 (service-control resource-deny)');
});

test('attacks of a file are judged beside those of the library, and can be chosen', () => {
  const attack = {
    id: 'OWN-1', title: 'a role reads models from the internet', subjects: { models: { resources: [{ types: ['AWS::S3::Bucket'], names: ['*models*'] }] } },
    principals: { types: ['ROLE'] }, action: ['s3:GetObject'], resource: ['@models@/*'], where: { Null: { 'aws:SourceVpce': 'true' } },
  };
  bench.write('own.json', JSON.stringify({ schema: 'cdk-secure-ai/attacks/v1', attacks: [attack] }));
  expect(bench.run('prove', closed, '--attacks', 'own.json', '--attack', 'OWN-1')).toMatchObject({ code: 0, out: expect.stringContaining('PROVED  OWN-1') });
  expect(bench.run('prove', open, '--attacks', 'own.json', '--attack', 'OWN-1')).toMatchObject({ code: 1, out: expect.stringMatching(/Reader: s3:GetObject .*no aws:SourceVpce/) });
});

test('a nested stack whose template is not given leaves every claim open, and is named', () => {
  const template = JSON.parse(fs.readFileSync(bench.path(closed), 'utf8')) as { Resources: Record<string, unknown> };
  template.Resources.Child = { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: 'https://example.com/child.json' } };
  bench.write('parent.json', JSON.stringify(template));
  expect(bench.run('prove', 'parent.json', '--attack', 'AISEC-08A')).toMatchObject({ code: 2, out: expect.stringContaining('the template of the nested stack parent/Child was not given') });
});

test('a way out of the network is shown hop by hop', () => {
  bench.write('notebook.json', JSON.stringify({ Resources: { Book: { Type: 'AWS::SageMaker::NotebookInstance', Properties: { InstanceType: 'ml.t3.medium', RoleArn: 'arn:aws:iam::111122223333:role/r' } } } }));
  const { code, out } = bench.run('prove', 'notebook.json', '--attack', 'AISEC-06D', '--explain');
  expect({ code, out }).toEqual({ code: 1, out: expect.stringMatching(/notebook\/Book reaches internet: TCP .*a notebook outside of a VPC reaches the internet -> internet is reached/) });
  expect(out).toContain('the declared configuration does not block');
});

describe('an attack of a file that the network decides', () => {
  const ref = (Ref: string): object => ({ Ref });
  const network = (name: string, isOpen: boolean): string => {
    const group = { GroupDescription: 'g', VpcId: ref('Vpc') };
    bench.write(name, JSON.stringify({
      Resources: {
        Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
        Subnet: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: ref('Vpc'), CidrBlock: '10.0.1.0/24' } },
        Table: { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: ref('Vpc') } },
        Join: { Type: 'AWS::EC2::SubnetRouteTableAssociation', Properties: { SubnetId: ref('Subnet'), RouteTableId: ref('Table') } },
        Group: { Type: 'AWS::EC2::SecurityGroup', Properties: { ...group, SecurityGroupEgress: [{ IpProtocol: '-1', CidrIp: '0.0.0.0/0' }], SecurityGroupIngress: [{ IpProtocol: '-1', CidrIp: '10.0.0.0/16' }] } },
        Door: { Type: 'AWS::EC2::VPCEndpoint', Properties: { VpcEndpointType: 'Interface', VpcId: ref('Vpc'), ServiceName: 'com.amazonaws.eu-west-1.bedrock-runtime', SubnetIds: [ref('Subnet')], SecurityGroupIds: [{ 'Fn::GetAtt': ['Group', 'GroupId'] }] } },
        Helper: { Type: 'AWS::BedrockAgentCore::Runtime', Properties: { NetworkConfiguration: { NetworkMode: 'VPC', NetworkModeConfig: { Subnets: [ref('Subnet')], SecurityGroups: [{ 'Fn::GetAtt': ['Group', 'GroupId'] }] } } } },
        ...(isOpen ? {
          Gateway: { Type: 'AWS::EC2::InternetGateway', Properties: {} },
          Attach: { Type: 'AWS::EC2::VPCGatewayAttachment', Properties: { VpcId: ref('Vpc'), InternetGatewayId: ref('Gateway') } },
          Way: { Type: 'AWS::EC2::Route', Properties: { RouteTableId: ref('Table'), DestinationCidrBlock: '0.0.0.0/0', GatewayId: ref('Gateway') } },
        } : {}),
      },
    }));
    return name;
  };
  const attack = { id: 'OWN-NET', title: 'a helper reaches the internet', network: { types: ['AWS::BedrockAgentCore::Runtime'] }, to: ['INTERNET'], legitimate: { reaches: ['*.bedrock-runtime'] } };
  const attacks = (name: string, more: object = {}): string => {
    bench.write(name, JSON.stringify({ schema: 'cdk-secure-ai/attacks/v1', attacks: [{ ...attack, ...more }] }));
    return name;
  };

  test('is proved with its layers, refuted with a way, and vacuous without its counterpart', () => {
    const run = (template: string, file: string) => bench.run('prove', template, '--attacks', file, '--attack', 'OWN-NET');
    expect(run(network('inside.json', false), attacks('net.json'))).toMatchObject({ code: 0, out: expect.stringContaining('PROVED  OWN-NET  a helper reaches the internet: packets 1 (routes)') });
    expect(run(network('outside.json', true), 'net.json')).toMatchObject({ code: 1, out: expect.stringMatching(/outside\/Helper reaches internet: TCP from 10\.0\.1\.\d+ .* -> internet is reached/) });
    expect(run('inside.json', attacks('far.json', { legitimate: { reaches: ['*.s3'] } })).out).toContain('PROVED_VACUOUSLY  OWN-NET');
  });
  test('is refused where it is none, with the place in the file', () => {
    const { code, err } = bench.run('prove', closed, '--attacks', attacks('bad.json', { to: ['MARS'] }));
    expect([code, err]).toEqual([64, expect.stringContaining('the file.attacks[0].to[0] has "MARS": expected one of INTERNET, NETWORK, PARTNER')]);
  });
});

test('--mutate says which weakenings nobody notices', () => {
  const { out } = bench.run('prove', closed, '--attack', 'AISEC-08A', '--mutate');
  expect(out).toMatch(/\d+ of \d+ noticed/);
  expect(out).toContain('not noticed');
  expect(out).not.toContain('not noticed  Policy#NoInternet is gone');
  expect(bench.run('prove', closed, '--attack', 'AISEC-17B', '--mutate').out).toContain('not noticed  Policy#NoInternet is gone');
});
