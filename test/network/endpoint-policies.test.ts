import { App, Stack } from 'aws-cdk-lib';
import { CfnRestApi } from 'aws-cdk-lib/aws-apigateway';
import { Template } from 'aws-cdk-lib/assertions';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { AccountPrincipal, AnyPrincipal, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { ModelArtifactBucket, ModelPromoter } from 'cdk-secure-ai/models';
import { NetworkSegment } from 'cdk-secure-ai/network';
import type { NetworkSegmentProps } from 'cdk-secure-ai/network';
import { SecurityPosture } from 'cdk-secure-ai/posture';
import type { IConstruct } from 'constructs';
import { describe, expect, test } from 'vitest';
import type { AwsServiceId } from '../../lib/core/handler-contract';
import { AWS_SERVICES } from '../../lib/core/handler-contract';
import { PROMOTE } from '../../lib/models/promote.contract';
import { ENDPOINT_EXCEPTIONS } from '../../lib/network/endpoint-exceptions';
import { OWN_TO_OWN } from '../../lib/network/segment-endpoints';
import type { ForeignResource, Request } from '../support/iam';
import { IamWorld, administrator, anonymous, expectGuarded, foreignPrincipal } from '../support/iam';

const ACCOUNT = '111111111111';
const REGION = 'eu-central-1';
const ATTACKER = '999988887777';
const ORGANIZATION = 'o-a1b2c3d4e5';

function endpointIn(segment: NetworkSegment, id: string): IConstruct {
  return segment.node.findChild('Endpoints').node.findChild(id);
}

/** A segment with the way to every service, and one resource of each service. */
function platform(options: { organizationId?: string; segment?: NetworkSegmentProps } = {}) {
  const stack = new Stack(new App(), 'Stack', { env: { account: ACCOUNT, region: REGION } });
  SecurityPosture.attach(stack, options.organizationId ? { organizationId: options.organizationId } : {});
  const segment = new NetworkSegment(stack, 'Segment', { services: [...AWS_SERVICES], dynamoDbPrefixListId: 'pl-66a5400f', customResources: true, ...options.segment });
  const bucket = new Bucket(stack, 'Bucket', { blockPublicAccess: undefined });
  // An accident that the endpoint must withstand: the bucket is open to everybody.
  bucket.addToResourcePolicy(new PolicyStatement({ principals: [new AnyPrincipal()], actions: ['s3:*'], resources: [bucket.arnForObjects('*')] }));
  const api = new CfnRestApi(stack, 'Api', {
    name: 'api', policy: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: '*', Action: 'execute-api:Invoke', Resource: 'execute-api:/*' }] },
  });
  const resources = {
    key: new Key(stack, 'Key'), queue: new Queue(stack, 'Queue'), topic: new Topic(stack, 'Topic'), secret: new Secret(stack, 'Secret'),
    table: new Table(stack, 'Table', { partitionKey: { name: 'id', type: AttributeType.STRING } }), repository: new Repository(stack, 'Repository'),
    role: new Role(stack, 'Role', { assumedBy: new AccountPrincipal(ACCOUNT) }),
  };
  const world = IamWorld.of(stack, { accountId: ACCOUNT, region: REGION, ...(options.organizationId ? { organizationId: options.organizationId } : {}) });
  return { stack, segment, bucket, api, world, ...resources };
}

const { stack, segment, bucket, api, world, key, queue, topic, secret, table, repository, role } = platform();
const via = (id: string) => endpointIn(segment, id);
const object = world.arnOf(bucket, '/weights.bin');
const own = (service: string, resource: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;

/** One call of each service: the endpoint, the action, a resource of ours. */
const CALLS: Readonly<Record<Exclude<AwsServiceId, 'execute-api'>, readonly [string, string, string | IConstruct]>> = {
  dynamodb: ['DynamodbGateway', 'dynamodb:PutItem', table],
  'ecr.api': ['EcrApi', 'ecr:PutImage', repository],
  'ecr.dkr': ['EcrDkr', 'ecr:BatchGetImage', repository],
  events: ['Events', 'events:PutEvents', own('events', 'event-bus/default')],
  kms: ['Kms', 'kms:Decrypt', key],
  logs: ['Logs', 'logs:PutLogEvents', own('logs', 'log-group:jobs:log-stream:one')],
  monitoring: ['Monitoring', 'cloudwatch:SetAlarmState', own('cloudwatch', 'alarm:drift')],
  s3: ['S3', 's3:PutObject', object],
  'sagemaker.api': ['SagemakerApi', 'sagemaker:DescribeTrainingJob', own('sagemaker', 'training-job/one')],
  'sagemaker.runtime': ['SagemakerRuntime', 'sagemaker:InvokeEndpoint', own('sagemaker', 'endpoint/one')],
  secretsmanager: ['Secretsmanager', 'secretsmanager:GetSecretValue', secret],
  sns: ['Sns', 'sns:Publish', topic],
  sqs: ['Sqs', 'sqs:SendMessage', queue],
  states: ['States', 'states:StartExecution', own('states', 'stateMachine:train')],
  sts: ['Sts', 'sts:AssumeRole', role],
};

/** The same kind of resource in an account of somebody else, who lets everybody do everything. */
function foreignTwin(resource: string | IConstruct, accountId = ATTACKER): ForeignResource {
  const arn = world.arnOf(resource);
  return { foreignArn: arn.startsWith('arn:aws:s3:::') ? 'arn:aws:s3:::attacker/weights.bin' : arn.replace(ACCOUNT, accountId), accountId };
}

describe('an endpoint carries what own identities do with own resources', () => {
  test.each([...Object.entries(CALLS), ['s3 through its gateway', ['S3Gateway', 's3:PutObject', object]] as const])('%s', (_, [id, action, resource]) => expectGuarded({
    world,
    allowed: { principal: administrator(), action, resource, via: via(id) },
    denied: {
      'to a resource of somebody else': { principal: administrator(), action, resource: foreignTwin(resource), via: via(id) },
      'with credentials and to a resource of somebody else': { principal: foreignPrincipal(), action, resource: foreignTwin(resource), via: via(id) },
    },
    protections: [{ endpointPolicy: via(id) }],
  }));

  const put: Request = { principal: administrator(), action: 's3:PutObject', resource: object, via: via('S3') };
  test('the condition on the identity holds, although a bucket of ours is open by accident', () => expectGuarded({
    world, allowed: put, denied: { 'foreign identity': { ...put, principal: foreignPrincipal() } }, protections: [{ sid: OWN_TO_OWN, key: 'aws:PrincipalAccount', on: via('S3') }],
  }));

  test('the condition on the resource holds', () => expectGuarded({
    world, allowed: put, denied: { 'foreign bucket': { ...put, resource: foreignTwin(object) } }, protections: [{ sid: OWN_TO_OWN, key: 'aws:ResourceAccount', on: via('S3') }],
  }));
});

describe('with an organisation, its identities and resources are the own ones', () => {
  const organized = platform({ organizationId: ORGANIZATION });
  const endpoint = endpointIn(organized.segment, 'S3');
  const put: Request = { principal: administrator(), action: 's3:PutObject', resource: organized.world.arnOf(organized.bucket, '/weights.bin'), via: endpoint };
  const elsewhere = (organization: string): ForeignResource => ({ foreignArn: 'arn:aws:s3:::other/weights.bin', accountId: '222222222222', organization });

  test('another account of it is reached, another organisation is not', () => expectGuarded({
    world: organized.world,
    allowed: {
      'own account': put,
      'bucket of a member': { ...put, resource: elsewhere('same') },
      'identity of a member': { ...put, principal: foreignPrincipal({ accountId: '222222222222', organization: 'same' }) },
    },
    denied: {
      'bucket of another organisation': { ...put, resource: elsewhere('o-zzzzzzzzzz') },
      'bucket outside any organisation': { ...put, resource: elsewhere('none') },
      'identity outside any organisation': { ...put, principal: foreignPrincipal() },
    },
    protections: [{ endpointPolicy: endpoint }],
  }));
});

describe('the closed list of exceptions', () => {
  const foreign = (arn: string, accountId: string): ForeignResource => ({ foreignArn: arn, accountId });
  const decisionOf = async (request: Request, inWorld = world) => (await inWorld.request(request)).decision;

  test.each(ENDPOINT_EXCEPTIONS.map((exception) => [exception.sid, exception.endpoint, exception] as const))('%s of %s has a reason and a source', (_, __, { reason, source }) => {
    expect(reason.length).toBeGreaterThan(30);
    expect(source).toMatch(/^https:\/\/docs\.aws\.amazon\.com\//);
  });

  test('is all that policies of endpoints hold besides', () => {
    const policies = Object.values(Template.fromStack(stack).findResources('AWS::EC2::VPCEndpoint'))
      .map(({ Properties }) => (Properties as { PolicyDocument: { Statement: { Sid: string }[] } }).PolicyDocument.Statement.map(({ Sid }) => Sid));
    expect(policies.every(([first]) => first === OWN_TO_OWN)).toBe(true);
    expect([...new Set(policies.flatMap((sids) => sids.slice(1)))].sort()).toEqual([...new Set(ENDPOINT_EXCEPTIONS.map(({ sid }) => sid))].sort());
  });

  const layer = foreign(`arn:aws:s3:::prod-${REGION}-starport-layer-bucket/layer`, '906394416424');
  test.each(['S3', 'S3Gateway'])('layers of images are read through %s, from the bucket of ECR only, and never written', async (id) => {
    const read: Request = { principal: foreignPrincipal(), action: 's3:GetObject', resource: layer, via: via(id) };
    expect(await decisionOf(read)).toBe('allowed');
    expect(await decisionOf(read, world.without({ sid: 'ImageLayers', on: via(id) }))).not.toBe('allowed');
    expect(await decisionOf({ ...read, action: 's3:PutObject' })).not.toBe('allowed');
    expect(await decisionOf({ ...read, resource: foreign('arn:aws:s3:::prod-eu-west-1-starport-layer-bucket/layer', '906394416424') })).not.toBe('allowed');
  });

  test.each(['EcrApi', 'EcrDkr'])('deep learning containers of AWS are pulled through %s by own identities, and nothing is pushed there', async (id) => {
    const registry = foreign(`arn:aws:ecr:${REGION}:763104351884:repository/pytorch-training`, '763104351884');
    const pull: Request = { principal: administrator(), action: 'ecr:BatchGetImage', resource: registry, via: via(id) };
    expect(await decisionOf(pull)).toBe('allowed');
    expect(await decisionOf(pull, world.without({ sid: 'AwsRegistry', on: via(id) }))).not.toBe('allowed');
    expect(await decisionOf({ ...pull, principal: foreignPrincipal() })).not.toBe('allowed');
    expect(await decisionOf({ ...pull, action: 'ecr:PutImage' })).not.toBe('allowed');
  });

  test.each(['S3', 'S3Gateway'])('custom resources answer through %s into exactly the bucket of CloudFormation, and read nothing there', async (id) => {
    const answers = (name: string) => foreign(`arn:aws:s3:::${name}/answer`, '906394416424');
    const answer: Request = { principal: foreignPrincipal(), action: 's3:PutObject', resource: answers('cloudformation-custom-resource-response-eucentral1'), via: via(id) };
    expect(await decisionOf(answer)).toBe('allowed');
    expect(await decisionOf(answer, world.without({ sid: 'CustomResourceAnswers', on: via(id) }))).not.toBe('allowed');
    expect(await decisionOf({ ...answer, action: 's3:GetObject' })).not.toBe('allowed');
    expect(await decisionOf({ ...answer, resource: answers('cloudformation-custom-resource-response-eucentral1-of-attacker') })).not.toBe('allowed');
  });

  test('callers with a bearer token, anonymous to the endpoint, reach the APIs of the own account only', async () => {
    const invoke: Request = { principal: anonymous(), action: 'execute-api:Invoke', resource: world.arnOf(api, '/prod/POST/score'), via: via('ExecuteApi') };
    expect(await decisionOf(invoke)).toBe('allowed');
    expect(await decisionOf(invoke, world.without({ sid: 'OwnApis' }))).not.toBe('allowed');
    expect(await decisionOf({ ...invoke, resource: foreign(`arn:aws:execute-api:${REGION}:${ATTACKER}:abc/prod/POST/take`, ATTACKER) })).not.toBe('allowed');
  });

  test('a stack whose region is not known at synthesis pulls from no registry of AWS, whose account differs by region', () => {
    const anywhere = new Stack(new App(), 'Stack');
    new NetworkSegment(anywhere, 'Segment', { services: ['ecr.api', 'ecr.dkr'] });
    const text = JSON.stringify(Template.fromStack(anywhere).findResources('AWS::EC2::VPCEndpoint'));
    expect(text).toContain('ImageLayers');
    expect(text).not.toContain('AwsRegistry');
  });

  test('nothing of it is there before it is needed', () => {
    const bare = Template.fromStack(platform({ segment: { services: ['s3'], customResources: false } }).stack);
    const sids = Object.values(bare.findResources('AWS::EC2::VPCEndpoint')).flatMap(({ Properties }) =>
      (Properties as { PolicyDocument: { Statement: { Sid: string }[] } }).PolicyDocument.Statement.map(({ Sid }) => Sid));
    expect(new Set(sids)).toEqual(new Set([OWN_TO_OWN]));
  });
});

describe('the promoter works in a segment', () => {
  const app = new App();
  const inSegment = new Stack(app, 'Stack', { env: { account: ACCOUNT, region: REGION } });
  const store = new ModelArtifactBucket(inSegment, 'Models');
  const production = new NetworkSegment(inSegment, 'Production');
  const promoter = new ModelPromoter(inSegment, 'Promoter', { store, segment: production });
  const promoterWorld = IamWorld.of(inSegment, { accountId: ACCOUNT, region: REGION });
  const slots: Readonly<Record<string, string>> = {
    quarantineObjects: promoterWorld.arnOf(store.quarantineBucket, '/uploads/model.onnx'),
    servedModels: promoterWorld.arnOf(store.servedBucket, '/models/fraud/sha256-0/model.onnx'),
  };
  const context = { 's3:ExistingObjectTag/GuardDutyMalwareScanStatus': 'NO_THREATS_FOUND', 's3:if-none-match': '*', 's3:ObjectCreationOperation': 'true' };
  const direct = PROMOTE.calls.flatMap((call) => call.permits.filter((permit) => !permit.through).flatMap((permit) =>
    permit.actions.map((action) => [call.operation, action, permit.slot, call.service] as const)));

  test.each(direct)('%s: %s on %s', async (_, action, slot, service) => {
    const endpoint = endpointIn(production, service === 's3' ? 'S3' : service);
    const known = Object.fromEntries(Object.entries(context).filter(([name]) => (name.includes('ExistingObjectTag') ? slot === 'quarantineObjects' && action !== 's3:GetObjectVersionTagging' : action === 's3:PutObject')));
    const request: Request = { principal: promoter.node.findChild('Handler').node.findChild('Role'), action, resource: slots[slot], via: endpoint, context: known };
    const decision = await promoterWorld.request(request);
    expect(decision.decision, JSON.stringify(decision)).toBe('allowed');
    const shut = promoterWorld.without({ sid: OWN_TO_OWN, on: endpoint });
    expect((await shut.request(request)).decision).not.toBe('allowed');
  });

  test('its calls are declared: the list above is not empty', () => {
    expect(direct.length).toBeGreaterThan(5);
  });
});
