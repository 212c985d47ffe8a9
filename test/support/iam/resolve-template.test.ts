import { App, Stack, aws_iam as iam, aws_kms as kms, aws_s3 as s3, aws_sqs as sqs } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { IamWorld, administrator, resolveTemplate, type ResolvedTemplate } from '.';
import type { Json, JsonObject } from './policy-document';

const ENV = { accountId: '111122223333', region: 'eu-central-1', stackName: 'Stack' };
const RESOURCES = {
  Bucket: { Type: 'AWS::S3::Bucket', Properties: {} },
  Named: { Type: 'AWS::S3::Bucket', Properties: { BucketName: { 'Fn::Sub': 'models-${AWS::AccountId}' } } },
  Key: { Type: 'AWS::KMS::Key', Properties: {} },
  Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'trainer', Path: '/ml/' } },
  Policy: { Type: 'AWS::IAM::ManagedPolicy', Properties: { ManagedPolicyName: 'P' } },
  Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'q' } },
  Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 't' } },
  Logs: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: '/aws/x' } },
  Fn: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'f' } },
  Machine: { Type: 'AWS::StepFunctions::StateMachine', Properties: { StateMachineName: 'm' } },
  Plan: { Type: 'AWS::GuardDuty::MalwareProtectionPlan', Properties: {} },
  Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
  Odd: { Type: 'AWS::New::Thing', Properties: {} },
  Loop: { Type: 'AWS::S3::Bucket', Properties: { BucketName: { Ref: 'Loop' } } },
};
const stackWith = (value: Json, more: JsonObject = {}, env: object = {}): ResolvedTemplate =>
  resolveTemplate({ Resources: { ...RESOURCES, X: { Type: 'AWS::Test::X', Properties: { Value: value } } }, ...more }, { ...ENV, ...env });
const resolve = (...args: Parameters<typeof stackWith>): Json | undefined => stackWith(...args).property('X', 'Value');

describe('a value that CDK emits', () => {
  test.each<[Json, Json]>([
    [{ Ref: 'AWS::AccountId' }, '111122223333'],
    [{ Ref: 'AWS::URLSuffix' }, 'amazonaws.com'],
    [{ Ref: 'Named' }, 'models-111122223333'],
    [{ 'Fn::GetAtt': ['Named', 'Arn'] }, 'arn:aws:s3:::models-111122223333'],
    [{ 'Fn::GetAtt': ['Role', 'Arn'] }, 'arn:aws:iam::111122223333:role/ml/trainer'],
    [{ Ref: 'Role' }, 'trainer'],
    [{ Ref: 'Policy' }, 'arn:aws:iam::111122223333:policy/P'],
    [{ Ref: 'Queue' }, 'https://sqs.eu-central-1.amazonaws.com/111122223333/q'],
    [{ 'Fn::GetAtt': ['Queue', 'Arn'] }, 'arn:aws:sqs:eu-central-1:111122223333:q'],
    [{ Ref: 'Topic' }, 'arn:aws:sns:eu-central-1:111122223333:t'],
    [{ 'Fn::GetAtt': ['Logs', 'Arn'] }, 'arn:aws:logs:eu-central-1:111122223333:log-group:/aws/x:*'],
    [{ 'Fn::GetAtt': 'Fn.Arn' }, 'arn:aws:lambda:eu-central-1:111122223333:function:f'],
    [{ Ref: 'Machine' }, 'arn:aws:states:eu-central-1:111122223333:stateMachine:m'],
    [{ 'Fn::GetAtt': ['Vpc', 'CidrBlock'] }, '10.0.0.0/16'],
    [{ 'Fn::Join': [':', ['a', { Ref: 'AWS::Region' }, 'c']] }, 'a:eu-central-1:c'],
    [{ 'Fn::Sub': '${AWS::Partition}/${Role.Arn}/${!Literal}' }, 'aws/arn:aws:iam::111122223333:role/ml/trainer/${Literal}'],
    [{ 'Fn::Sub': ['${A}-${Role}', { A: { Ref: 'AWS::Region' } }] }, 'eu-central-1-trainer'],
    [{ 'Fn::Select': [1, { 'Fn::Split': ['/', 'a/b/c'] }] }, 'b'],
    [{ 'Fn::If': ['Yes', 'a', { Ref: 'Nothing' }] }, 'a'],
    [{ 'Fn::If': ['No', 'a', 'b'] }, 'b'],
    [
      ['a', { Ref: 'AWS::NoValue' }, 'b'],
      ['a', 'b'],
    ],
    [{ keep: 1, drop: { Ref: 'AWS::NoValue' } }, { keep: 1 }],
    [{ Ref: 'Parameter' }, 'default'],
    [{ 'Fn::FindInMap': ['Map', { Ref: 'AWS::Region' }, 'x'] }, 'mapped'],
  ])('%j', (value, expected) => {
    expect(
      resolve(value, {
        Conditions: { Yes: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'eu-central-1'] }, No: { 'Fn::Not': [{ Condition: 'Yes' }] } },
        Parameters: { Parameter: { Type: 'String', Default: 'default' } },
        Mappings: { Map: { 'eu-central-1': { x: 'mapped' } } },
      }),
    ).toEqual(expected);
  });

  test('gets a name of the shape that CloudFormation generates, the same one each time and for no other resource', () => {
    expect(resolve({ Ref: 'Bucket' })).toMatch(/^stack-bucket-[0-9a-f]{12}$/);
    expect(resolve({ Ref: 'Bucket' })).toBe(resolve({ Ref: 'Bucket' }));
    expect(resolve({ Ref: 'Bucket' }, {}, { stackName: 'Other' })).not.toBe(resolve({ Ref: 'Bucket' }));
    expect(resolve({ 'Fn::GetAtt': ['Key', 'Arn'] })).toMatch(
      /^arn:aws:kms:eu-central-1:111122223333:key\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
    );
    expect(resolve({ Ref: 'Vpc' })).toMatch(/^vpc-0[0-9a-f]{16}$/);
  });

  test('follows the partition', () => {
    expect(resolve({ 'Fn::GetAtt': ['Role', 'Arn'] }, {}, { partition: 'aws-cn' })).toBe('arn:aws-cn:iam::111122223333:role/ml/trainer');
    expect(resolve({ Ref: 'Queue' }, {}, { partition: 'aws-cn' })).toContain('.amazonaws.com.cn/');
  });

  test('takes parameters, conditions and unknown attributes from the caller', () => {
    const given = { parameters: { P: 'p' }, conditions: { C: true }, values: { Odd: 'ref', 'Odd.Handle': 'handle' } };
    const value: Json = [{ Ref: 'P' }, { 'Fn::If': ['C', 1, 2] }, { Ref: 'Odd' }, { 'Fn::GetAtt': ['Odd', 'Handle'] }];
    expect(resolve(value, {}, given)).toEqual(['p', 1, 'ref', 'handle']);
  });
});

describe('what cannot be resolved is an error that names the place and the intrinsic', () => {
  test.each<[Json, string]>([
    [{ Ref: 'Ghost' }, 'cannot resolve Ref Ghost in X.Value: no such resource'],
    [{ Ref: 'Odd' }, 'cannot resolve Ref Odd in X.Value: AWS::New::Thing is not in the naming table'],
    [{ 'Fn::GetAtt': ['Bucket', 'Colour'] }, 'cannot resolve Fn::GetAtt Bucket.Colour in X.Value'],
    [{ 'Fn::GetAtt': ['Odd', 'Arn'] }, 'cannot resolve Fn::GetAtt Odd.Arn in X.Value'],
    [{ a: [{ 'Fn::Sub': '${Ghost.Arn}' }] }, 'cannot resolve Fn::GetAtt Ghost.Arn in X.Value.a[0]'],
    [{ 'Fn::ImportValue': 'Elsewhere' }, "cannot resolve Fn::ImportValue in X.Value: no stack exports 'Elsewhere'"],
    [{ 'Fn::If': ['Unknown', 1, 2] }, 'cannot resolve condition Unknown in X.Value'],
    [{ 'Fn::Cidr': ['10.0.0.0/16', 2, 8] }, 'cannot resolve Fn::Cidr in X.Value: not supported'],
    [{ 'Fn::Select': [5, ['a']] }, 'cannot resolve Fn::Select in X.Value'],
    [{ Ref: 'NoDefault' }, 'cannot resolve Ref NoDefault in X.Value: the parameter has no value'],
    [{ Ref: 'FromSsm' }, 'cannot resolve Ref FromSsm in X.Value: the parameter has no value'],
    [{ 'Fn::GetAtt': ['Loop', 'Arn'] }, 'cannot resolve Loop.BucketName in Loop: it depends on itself'],
    ['{{resolve:secretsmanager:x}}', 'cannot resolve dynamic reference in X.Value'],
    [{ Ref: 'constructor' }, 'cannot resolve Ref constructor in X.Value: no such resource'],
    [{ 'Fn::GetAtt': ['Bucket', '__proto__'] }, 'cannot resolve Fn::GetAtt Bucket.__proto__ in X.Value'],
  ])('%j', (value, message) => {
    const more = {
      Parameters: { NoDefault: { Type: 'String' }, FromSsm: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/path' } },
    };
    expect(() => resolve(value, more)).toThrow(message);
  });
});

test('a resource whose condition does not hold is not there', async () => {
  const template = (yes: boolean): IamWorld =>
    IamWorld.of(
      {
        S: {
          Conditions: { Guarded: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, yes ? 'eu-central-1' : 'eu-west-1'] } },
          Resources: {
            Topic: { Type: 'AWS::SNS::Topic', Properties: {} },
            Policy: {
              Type: 'AWS::SNS::TopicPolicy',
              Condition: 'Guarded',
              Properties: {
                Topics: [{ Ref: 'Topic' }],
                PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Deny', Principal: '*', Action: 'sns:*', Resource: '*' }] },
              },
            },
          },
        },
      },
      ENV,
    );
  const publish = { principal: administrator(), action: 'sns:Publish', resource: 'Topic' };
  expect(await template(true).request(publish)).toMatchObject({ decision: 'explicit-deny' });
  expect(await template(false).request(publish)).toMatchObject({ decision: 'allowed' });
});

describe('several stacks', () => {
  test('are resolved together, each in its own account', async () => {
    const app = new App();
    const data = new Stack(app, 'Data', { env: { account: '222233334444', region: 'eu-west-1' } });
    const bucket = new s3.Bucket(data, 'Bucket');
    const use = new Stack(app, 'Use', { env: { account: '222233334444', region: 'eu-west-1' } });
    const role = new iam.Role(use, 'Role', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
    bucket.grantRead(role);
    const other = new Stack(app, 'Other');
    const queue = new sqs.Queue(other, 'Queue', { enforceSSL: true });
    expect(JSON.stringify(Template.fromStack(use).toJSON())).toContain('Fn::ImportValue');

    const world = IamWorld.of(use, ENV);
    const read = { principal: role, action: 's3:GetObject', resource: world.arnOf(bucket, '/x') };
    expect(await world.request(read)).toMatchObject({ decision: 'allowed' });
    expect(world.arnOf(role)).toContain(':222233334444:');
    expect(await world.request({ ...read, principal: administrator() })).toMatchObject({ decision: 'implicit-deny' });
    expect(world.arnOf(queue)).toMatch(/^arn:aws:sqs:eu-central-1:111122223333:/);
    const send = { principal: administrator(), action: 'sqs:SendMessage', resource: queue };
    expect(await world.request(send)).toMatchObject({ decision: 'allowed' });
    expect(await world.request({ ...send, context: { 'aws:SecureTransport': 'false' } })).toMatchObject({ decision: 'explicit-deny' });
  });

  test('need to be told apart when they hold the same logical id', () => {
    const app = new App();
    const [first, second] = ['A', 'B'].map((name) => new kms.Key(new Stack(app, name), 'Key'));
    const world = IamWorld.of(app, ENV);
    const id = Stack.of(first).resolve((first.node.defaultChild as kms.CfnKey).logicalId) as string;
    expect(world.arnOf(first)).not.toBe(world.arnOf(second));
    expect(world.arnOf(`B/${id}`)).toBe(world.arnOf(second));
    expect(() => world.arnOf(id)).toThrow(`'${id}' is ambiguous: A/${id}, B/${id}`);
  });
});
