import { describe, expect, test } from 'vitest';
import { AttackJudge } from '../../../lib/assurance/attacks/attack-judge';
import { EVERY_ATTACK } from '../../../lib/assurance/attacks/catalogue';
import { TemplateModel } from '../../../lib/assurance/template';
import { ACCOUNT, document, role } from './template';
import type { Json } from './template';

/** What the attacks leave out, from both sides: what it is meant for stays possible, and nothing that only looks like it does. */
const DEPLOYED = { account: ACCOUNT, region: 'eu-west-1' };

function judged(id: string, resources: Json, where: object = DEPLOYED): { verdict: string; text: string } {
  const spec = EVERY_ATTACK.find((one) => one.id === id);
  if (spec === undefined) throw new Error(`no attack ${id}`);
  const template: unknown = JSON.parse(JSON.stringify({ Resources: resources }));
  const { verdict, reasons } = AttackJudge.of(TemplateModel.of([{ stackName: 'app', template, ...where }])).judge(spec);
  return { verdict, text: reasons.join('\n') };
}

const ref = (Ref: string): Json => ({ Ref });
const group = (id: string): Json => ({ 'Fn::GetAtt': [id, 'GroupId'] });

describe('answers to CloudFormation', () => {
  /** Models, code that handles them, and an endpoint that carries answers of custom resources besides requests to own buckets. */
  const network = (answers: unknown): Json => ({
    Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
    Subnet: { Type: 'AWS::EC2::Subnet', Properties: { VpcId: ref('Vpc'), CidrBlock: '10.0.1.0/24' } },
    Table: { Type: 'AWS::EC2::RouteTable', Properties: { VpcId: ref('Vpc') } },
    Join: { Type: 'AWS::EC2::SubnetRouteTableAssociation', Properties: { SubnetId: ref('Subnet'), RouteTableId: ref('Table') } },
    Own: {
      Type: 'AWS::EC2::SecurityGroup',
      Properties: {
        GroupDescription: 'own', VpcId: ref('Vpc'),
        SecurityGroupEgress: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, DestinationSecurityGroupId: group('Doors') }],
      },
    },
    Doors: {
      Type: 'AWS::EC2::SecurityGroup',
      Properties: {
        GroupDescription: 'doors', VpcId: ref('Vpc'), SecurityGroupEgress: [{ IpProtocol: 'icmp', CidrIp: '255.255.255.255/32' }],
        SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, SourceSecurityGroupId: group('Own') }],
      },
    },
    S3: {
      Type: 'AWS::EC2::VPCEndpoint',
      Properties: {
        VpcEndpointType: 'Interface', VpcId: ref('Vpc'), ServiceName: 'com.amazonaws.eu-west-1.s3', SubnetIds: [ref('Subnet')],
        SecurityGroupIds: [group('Doors')],
        PolicyDocument: document(
          { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*', Condition: { StringEquals: { 'aws:ResourceAccount': ref('AWS::AccountId') } } },
          { Effect: 'Allow', Principal: '*', Action: 's3:PutObject', Resource: { 'Fn::Join': ['', ['arn:aws:s3:::', answers, '/*']] } },
        ),
      },
    },
    ModelBucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'models' } },
    ModelRole: role('model', 'sagemaker.amazonaws.com', [{ Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'], Resource: ['arn:aws:s3:::models/*', { 'Fn::Join': ['', ['arn:aws:s3:::', answers, '/*']] }] }]),
    Model: {
      Type: 'AWS::SageMaker::Model',
      Properties: { ExecutionRoleArn: { 'Fn::GetAtt': ['ModelRole', 'Arn'] }, VpcConfig: { Subnets: [ref('Subnet')], SecurityGroupIds: [group('Own')] } },
    },
    Agent: {
      Type: 'AWS::BedrockAgentCore::Runtime',
      Properties: { NetworkConfiguration: { NetworkMode: 'VPC', NetworkModeConfig: { Subnets: [ref('Subnet')], SecurityGroups: [group('Own')] } } },
    },
  });
  test.each(['AISEC-07A', 'AISEC-07B', 'AISEC-06D', 'AISEC-06E', 'AISEC-14'])('%s: go to the bucket of the region, and to no other that begins like it', (id) => {
    expect(judged(id, network('cloudformation-custom-resource-response-euwest1'))).toMatchObject({ verdict: 'PROVED' });
    for (const others of ['-*', '-euwest1*', '-euwest1-mine', '-useast1']) {
      const { verdict, text } = judged(id, network(`cloudformation-custom-resource-response${others}`));
      expect([others, verdict]).toEqual([others, 'REFUTED']);
      expect(text).toContain('s3:PutObject arn:aws:s3:::cloudformation-custom-resource-response-');
    }
  });

  test('go to the bucket of the region where only the deployment decides on it', () => {
    const region = (parts: object) => ({ 'Fn::Join': ['', ['cloudformation-custom-resource-response-', parts]] });
    const split = { 'Fn::Split': ['-', ref('AWS::Region')] };
    expect(judged('AISEC-07B', network(region({ 'Fn::Join': ['', split] })), {})).toMatchObject({ verdict: 'PROVED' });
    for (const others of [ref('AWS::Region'), { 'Fn::Join': ['-', split] }]) expect(judged('AISEC-07B', network(region(others)), {}).verdict).toBe('REFUTED');
    for (const others of [{ 'Fn::Select': [0, split] }, { 'Fn::Join': ['x', split] }]) expect(judged('AISEC-07B', network(region(others)), {}).verdict).toBe('UNDETERMINED');
  });
});

describe('what is bound to something by its encryption context', () => {
  const key = (...statements: object[]): Json => ({
    Key: {
      Type: 'AWS::KMS::Key',
      Properties: {
        KeyPolicy: document({ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'kms:*', Resource: '*' }, ...statements),
      },
    },
    Data: {
      Type: 'AWS::S3::Bucket',
      Properties: {
        BucketName: 'data',
        BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: ref('Key') } }] },
      },
    },
  });
  const user = (Condition?: object): Json => ({
    ...key(),
    User: role('user', 'lambda.amazonaws.com', [
      { Effect: 'Allow', Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: { 'Fn::GetAtt': ['Key', 'Arn'] }, ...(Condition && { Condition }) },
      { Effect: 'Allow', Action: 'kms:Decrypt', Resource: { 'Fn::GetAtt': ['Key', 'Arn'] }, Condition: { StringLike: { 'kms:ViaService': 's3.*.amazonaws.com' } } },
    ]),
  });

  test.each<[string, object]>([
    ['a service that holds the data', { StringLike: { 'kms:ViaService': 's3.*.amazonaws.com' } }],
    ['a state machine', { StringLike: { 'kms:EncryptionContext:aws:states:stateMachineArn': `arn:aws:states:*:${ACCOUNT}:stateMachine:*` } }],
    ['what is logged', { StringLike: { 'kms:EncryptionContext:SourceArn': `arn:aws:logs:*:${ACCOUNT}:*` } }],
  ])('AISEC-07C: a role decrypts only through %s', (_name, condition) => {
    expect(judged('AISEC-07C', user(condition))).toMatchObject({ verdict: 'PROVED' });
  });
  test.each<[string, object | undefined]>([
    ['without any condition', undefined],
    ['with a service that need not be there', { StringLikeIfExists: { 'kms:ViaService': 's3.*.amazonaws.com' } }],
    ['with a context of its own choice', { StringEquals: { 'kms:EncryptionContext:tenant': 'a' } }],
    ['what a state machine of others keeps', { StringLike: { 'kms:EncryptionContext:aws:states:stateMachineArn': 'arn:aws:states:*:999999999999:stateMachine:*' } }],
    ['what anything says that it logs', { StringLike: { 'kms:EncryptionContext:SourceArn': '*' } }],
    ['what is no log', { StringLike: { 'kms:EncryptionContext:SourceArn': 'arn:aws:s3:::*' } }],
  ])('AISEC-07C: a role that decrypts %s is found', (_name, condition) => {
    const { verdict, text } = judged('AISEC-07C', user(condition));
    expect(verdict).toBe('REFUTED');
    expect(text).toMatch(/^User: kms:(Decrypt|GenerateDataKey) arn:aws:kms:eu-west-1:111122223333:key\/.*no kms:ViaService/);
  });

  const service = (Service: string, Condition?: object): Json => ({
    ...key({ Effect: 'Allow', Principal: { Service }, Action: ['kms:Decrypt', 'kms:GenerateDataKey'], Resource: '*', ...(Condition && { Condition }) }),
    Group: { Type: 'AWS::Logs::LogGroup', Properties: { KmsKeyId: { 'Fn::GetAtt': ['Key', 'Arn'] } } },
    Trail: { Type: 'AWS::CloudTrail::Trail', Properties: { S3BucketName: ref('Data'), IsLogging: true, KMSKeyId: { 'Fn::GetAtt': ['Key', 'Arn'] } } },
  });
  const logs = (account: string): object => ({ ArnLike: { 'kms:EncryptionContext:aws:logs:arn': `arn:aws:logs:eu-west-1:${account}:*` } });
  const trail = (account: string): object => ({ ArnLike: { 'kms:EncryptionContext:aws:cloudtrail:arn': `arn:aws:cloudtrail:eu-west-1:${account}:trail/*` } });
  const delivery = (account: string): object => ({ ArnLike: { 'kms:EncryptionContext:SourceArn': `arn:aws:logs:eu-west-1:${account}:*` } });
  const LOGS = 'logs.eu-west-1.amazonaws.com';
  const TRAIL = 'cloudtrail.amazonaws.com';
  const DELIVERY = 'delivery.logs.amazonaws.com';
  test.each<[string, string, string, object]>([
    ['AISEC-16C', 'the account', 'events.amazonaws.com', { StringEquals: { 'aws:SourceAccount': ACCOUNT } }],
    ['AISEC-16E', 'the logs of the account', LOGS, logs(ACCOUNT)],
    ['AISEC-16F', 'deliveries of the account', DELIVERY, delivery(ACCOUNT)],
    ['AISEC-16G', 'a trail of the account', TRAIL, trail(ACCOUNT)],
    ['AISEC-16G', 'a trail of the account, by its ARN', TRAIL, { ArnLike: { 'aws:SourceArn': `arn:aws:cloudtrail:eu-west-1:${ACCOUNT}:trail/*` } }],
  ])('%s: a service uses a key for %s', (id, _name, name, condition) => {
    expect(judged(id, service(name, condition))).toMatchObject({ verdict: 'PROVED' });
  });
  test.each<[string, string, string, object | undefined]>([
    ['AISEC-16C', 'an account that need not be named', 'events.amazonaws.com', { StringEqualsIfExists: { 'aws:SourceAccount': ACCOUNT } }],
    // What one service sets for itself says nothing about another one, which takes its context from whoever calls it.
    ['AISEC-16C', 'what only the context of logs says', 'events.amazonaws.com', logs(ACCOUNT)],
    ['AISEC-16C', 'what only the context of deliveries says', 's3.amazonaws.com', delivery(ACCOUNT)],
    ['AISEC-16E', 'anybody', LOGS, undefined],
    ['AISEC-16E', 'the logs of every account', LOGS, logs('*')],
    ['AISEC-16E', 'the logs of another account', LOGS, logs('999999999999')],
    ['AISEC-16E', 'what only the context of deliveries says', LOGS, delivery(ACCOUNT)],
    ['AISEC-16F', 'what only the context of logs says', DELIVERY, logs(ACCOUNT)],
    ['AISEC-16F', 'deliveries of another account', DELIVERY, delivery('999999999999')],
    ['AISEC-16G', 'another context', TRAIL, { StringLike: { 'kms:EncryptionContext:trail': '*' } }],
    ['AISEC-16G', 'what only the context of logs says', TRAIL, logs(ACCOUNT)],
  ])('%s: a service that uses a key for %s is found', (id, _name, name, condition) => {
    const { verdict, text } = judged(id, service(name, condition));
    expect(verdict).toBe('REFUTED');
    expect(text).toMatch(new RegExp(`^${name.replaceAll('.', '\\.')}: kms:`));
  });
  test.each<[string, string]>([['AISEC-16E', LOGS], ['AISEC-16F', DELIVERY], ['AISEC-16G', TRAIL]])('%s: is not asked where nothing of the kind lies under a key', (id, name) => {
    const { Group: _group, Trail: _trail, ...bare } = service(name);
    expect(judged(id, bare).verdict).toBe('NOT_APPLICABLE');
  });
});

describe('the policy of the log service', () => {
  const own = (trust: unknown): Json => ({
    Worker: role('worker', 'lambda.amazonaws.com', [{ Effect: 'Allow', Action: 'logs:PutLogEvents', Resource: '*' }]),
    Writer: role('writer', 'states.amazonaws.com', [{ Effect: 'Allow', Action: 'logs:PutResourcePolicy', Resource: '*' }], {
      AssumeRolePolicyDocument: document({ Effect: 'Allow', Principal: { Service: trust }, Action: 'sts:AssumeRole' }),
    }),
  });
  test('AISEC-17H: is for the role of a state machine alone', () => {
    expect(judged('AISEC-17H', own('states.amazonaws.com'))).toMatchObject({ verdict: 'PROVED' });
    for (const trust of ['lambda.amazonaws.com', ['states.amazonaws.com', 'lambda.amazonaws.com'], 'ec2.amazonaws.com']) {
      const { verdict, text } = judged('AISEC-17H', own(trust));
      expect([trust, verdict]).toEqual([trust, 'REFUTED']);
      expect(text).toMatch(/^Writer: logs:PutResourcePolicy/);
    }
  });
});

describe('on whose behalf a service acts', () => {
  const trusting = (Condition?: object): Json => ({
    Trainer: role('trainer', 'sagemaker.amazonaws.com', [], {
      AssumeRolePolicyDocument: document({ Effect: 'Allow', Principal: { Service: 'sagemaker.amazonaws.com' }, Action: 'sts:AssumeRole', ...(Condition && { Condition }) }),
    }),
  });
  test('AISEC-16A: is said by the account or by an ARN of it, and by nothing that may be missing or another', () => {
    for (const condition of [{ StringEquals: { 'aws:SourceAccount': ACCOUNT } }, { ArnLike: { 'aws:SourceArn': `arn:aws:sagemaker:eu-west-1:${ACCOUNT}:*` } }]) {
      expect(judged('AISEC-16A', trusting(condition))).toMatchObject({ verdict: 'PROVED' });
    }
    const loose = [
      undefined,
      { StringEqualsIfExists: { 'aws:SourceAccount': ACCOUNT } },
      { StringEquals: { 'aws:SourceAccount': [ACCOUNT, '999999999999'] } },
      { ArnLike: { 'aws:SourceArn': 'arn:aws:sagemaker:*:*:*' } },
    ];
    for (const condition of loose) {
      const { verdict, text } = judged('AISEC-16A', trusting(condition));
      expect([condition, verdict]).toEqual([condition, 'REFUTED']);
      expect(text).toMatch(/^sagemaker\.amazonaws\.com: sts:AssumeRole/);
    }
  });
});
