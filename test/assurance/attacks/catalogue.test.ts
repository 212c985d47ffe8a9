import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, test } from 'vitest';
import { ATTACKS_SCHEMA } from '../../../lib/assurance/attacks/attack-spec';
import type { RequestSpec } from '../../../lib/assurance/attacks/attack-spec';
import { ATTACK_CATALOGUE, EVERY_ATTACK } from '../../../lib/assurance/attacks/catalogue';
import { COMMON_NAMES } from '../../../lib/assurance/attacks/bindings';
import { parseAttacks } from '../../../lib/assurance/attacks/parse-attacks';
import type { Template } from '../../support/iam';
import { unknownIamNames } from '../../support/iam';
import { ACCOUNT, document, judged, role } from './template';

const PROOFS = fs.readFileSync(path.join(__dirname, '../../../docs/proofs.md'), 'utf8');

/** What is written of an attack of the list in the table of the page for auditors. */
function lineOf(number: number): string[] | undefined {
  const line = PROOFS.split('\n').find((one) => new RegExp(`^\\| ${number} \\|`).test(one));
  return line?.split('|').map((cell) => cell.trim());
}

test.each(Array.from({ length: 27 }, (_, i) => i + 1))('attack %i of the list is in the catalogue, or said to be decided by something else', (number) => {
  const ids = EVERY_ATTACK.filter(({ id }) => Number(/^AISEC-(\d+)[A-Z]?$/.exec(id)?.[1]) === number).map(({ id }) => id);
  const line = lineOf(number);
  expect(line, `docs/proofs.md has no line for attack ${number}`).toBeDefined();
  const [, , , proofs, elsewhere] = line!;
  const named = [...proofs.matchAll(/AISEC-(\d+)([A-Z]?)(?: to ([A-Z]))?/g)].flatMap(([, n, from, to]) =>
    (to === undefined ? [from] : Array.from({ length: to.charCodeAt(0) - from.charCodeAt(0) + 1 }, (_, i) => String.fromCharCode(from.charCodeAt(0) + i))).map((letter) => `AISEC-${n}${letter}`));
  expect(named.sort()).toEqual(ids.sort());
  // What is not proved is decided somewhere, and the page says where.
  if (ids.length === 0) expect([proofs, elsewhere.length > 20]).toEqual(['none', true]);
});

test('no attack of the catalogue is outside of the list', () => {
  for (const { id } of EVERY_ATTACK) expect(lineOf(Number(/^AISEC-(\d+)[A-Z]?$/.exec(id)?.[1] ?? NaN)), id).toBeDefined();
});

test('every attack has a counterpart that must stay possible: without it a proof could be one about nothing', () => {
  for (const attack of EVERY_ATTACK) expect([attack.id, attack.legitimate !== undefined]).toEqual([attack.id, true]);
});

test('the catalogue is a file that a user could have written', () => {
  const text = JSON.stringify({ schema: ATTACKS_SCHEMA, attacks: EVERY_ATTACK });
  expect(parseAttacks(text).attacks).toHaveLength(EVERY_ATTACK.length);
});

test('every attack names its controls, and those that meet one layer say why', () => {
  for (const { id, controls = [], oneLayer, threats } of EVERY_ATTACK) {
    expect([id, controls.length > 0, (oneLayer ?? '').length > 20, (threats ?? []).length > 0]).toEqual([id, true, true, true]);
  }
});

test('actions and condition keys exist: a misspelt one would make an attack that nothing can carry out', async () => {
  const requests = ATTACK_CATALOGUE.flatMap((spec): [string, RequestSpec][] => [
    [spec.id, spec],
    ...[...(spec.and ?? []), ...(spec.legitimate ? [spec.legitimate] : [])].map((one): [string, RequestSpec] => [spec.id, one]),
  ]);
  const statements = requests.map(([id, { action, where }]) => ({
    Sid: id,
    Effect: 'Allow',
    Action: action,
    Resource: '*',
    ...(where ? { Condition: where } : {}),
  }));
  const policy = { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: { Statement: statements } } };
  const template = { Resources: { Policy: policy } };
  const found = await unknownIamNames(JSON.parse(JSON.stringify(template)) as Template);
  const problems = found.filter((line) => !KNOWN_TO_NO_ACTION.some((key) => line.includes(key)));
  expect(problems).toEqual([]);
});

/** Keys that the public data has for the service and ties to no action. */
const KNOWN_TO_NO_ACTION = ['bedrock-agentcore:GatewayAuthorizerType', 'aws:SourceVpce'];

test('the schema of the file knows the names that every attack may use', () => {
  const schema = JSON.parse(fs.readFileSync(path.join(__dirname, '../../../docs/attacks.schema.json'), 'utf8')) as { description: string };
  for (const name of COMMON_NAMES) expect(schema.description).toMatch(new RegExp(`\\b${name}\\b`));
});

const OWN_ACCOUNT = { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'kms:*', Resource: '*' };

const invoker = (more: object = {}, action: unknown = ['bedrock:InvokeModel']) => ({
  Invoker: role('invoker', 'lambda.amazonaws.com', [
    { Effect: 'Allow', Action: action, Resource: 'arn:aws:bedrock:eu-west-1::foundation-model/anthropic.claude-v2', ...more },
  ]),
});

describe('each attack is proved where the protection is, and refuted by a request where it is not:', () => {
  test.each<[string, object, object, RegExp]>([
    ['AISEC-01A', invoker({ Condition: { StringEquals: { 'aws:SourceVpce': 'vpce-0a' } } }), invoker(), /^Invoker: bedrock:InvokeModel/],
    ['AISEC-01B', invoker(), invoker({ Resource: '*' }), /foundation-model\/stranger/],
    [
      'AISEC-03A',
      invoker({ Condition: { StringLike: { 'bedrock:GuardrailIdentifier': `arn:aws:bedrock:eu-west-1:${ACCOUNT}:guardrail/g:1` } } }),
      // "IfExists" lets a call through that names no guardrail at all.
      invoker({ Condition: { StringLikeIfExists: { 'bedrock:GuardrailIdentifier': `arn:aws:bedrock:eu-west-1:${ACCOUNT}:guardrail/g:1` } } }),
      /no bedrock:GuardrailIdentifier/,
    ],
    [
      'AISEC-03B',
      invoker({ Condition: { StringLike: { 'bedrock:GuardrailIdentifier': `arn:aws:bedrock:eu-west-1:${ACCOUNT}:guardrail/g:1` } } }),
      invoker({ Condition: { StringLike: { 'bedrock:GuardrailIdentifier': `arn:aws:bedrock:eu-west-1:${ACCOUNT}:guardrail/g:*` } } }),
      /bedrock:GuardrailIdentifier=\S+:DRAFT/,
    ],
    ['AISEC-04', invoker(), invoker({ Resource: '*' }, ['bedrock:InvokeModel', 'bedrock:UpdateGuardrail']), /bedrock:UpdateGuardrail/],
    ['AISEC-25', invoker({ Condition: { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } } }), invoker(), /aws:RequestedRegion=/],
    [
      'AISEC-18A',
      { Launcher: launcher({ Condition: { Bool: { 'sagemaker:NetworkIsolation': 'true' } } }) },
      { Launcher: launcher({ Condition: { BoolIfExists: { 'sagemaker:NetworkIsolation': 'true' } } }) },
      /no sagemaker:NetworkIsolation/,
    ],
    ['AISEC-18B', { Launcher: launcher({ Condition: { Null: { 'sagemaker:VpcSubnets': 'false' } } }) }, { Launcher: launcher() }, /CreateTrainingJob/],
    [
      'AISEC-19',
      { Registrar: role('registrar', 'lambda.amazonaws.com', [allow('sagemaker:CreateModelPackage')]) },
      { Registrar: role('registrar', 'lambda.amazonaws.com', [allow(['sagemaker:CreateModelPackage', 'sagemaker:UpdateModelPackage'])]) },
      /^Registrar: sagemaker:CreateModelPackage/,
    ],
    [
      'AISEC-20',
      { User: role('user', 'lambda.amazonaws.com', [{ ...allow('sagemaker:CreatePresignedDomainUrl'), Condition: { StringEquals: { 'aws:SourceVpce': 'vpce-0a' } } }]) },
      { User: role('user', 'lambda.amazonaws.com', [allow('sagemaker:CreatePresignedDomainUrl')]) },
      /CreatePresignedDomainUrl/,
    ],
    [
      'AISEC-15',
      { Agent: role('agent', 'bedrock.amazonaws.com', [allow('bedrock:InvokeModel')]) },
      { Agent: role('agent', 'bedrock.amazonaws.com', [allow(['bedrock:InvokeModel', 'dynamodb:*'])]) },
      /dynamodb:Delete/,
    ],
    [
      'AISEC-27A',
      { Agent: role('agent', 'lambda.amazonaws.com', [{ ...allow('bedrock-agentcore:ListEvents'), Condition: { StringEquals: { 'bedrock-agentcore:actorId': 'a' } } }]) },
      { Agent: role('agent', 'lambda.amazonaws.com', [allow('bedrock-agentcore:ListEvents')]) },
      /bedrock-agentcore:actorId=stranger/,
    ],
    [
      'AISEC-16A',
      { Trainer: role('trainer', 'sagemaker.amazonaws.com', [], { AssumeRolePolicyDocument: trust({ StringEquals: { 'aws:SourceAccount': ACCOUNT } }) }) },
      { Trainer: role('trainer', 'sagemaker.amazonaws.com', []) },
      /^sagemaker\.amazonaws\.com: sts:AssumeRole arn:aws:iam::111122223333:role\/trainer/,
    ],
    ['AISEC-16H', queue({ StringEquals: { 'aws:SourceAccount': ACCOUNT } }), queue(), /^events\.amazonaws\.com: sqs:SendMessage arn:aws:sqs:/],
    ['AISEC-16I', queue({}), queue({ StringEquals: { 'aws:SourceAccount': ACCOUNT } }, { Principal: '*' }), /^other\.amazonaws\.com: sqs:SendMessage/],
    [
      'AISEC-16L',
      { Worker: role('worker', 'events.amazonaws.com', []) },
      { Worker: role('worker', 'events.amazonaws.com', [], { AssumeRolePolicyDocument: document({ Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole', Condition: { StringEquals: { 'aws:SourceAccount': ACCOUNT } } }) }) },
      /^other\.amazonaws\.com: sts:AssumeRole/,
    ],
    [
      'AISEC-16K',
      { Key: { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: document(OWN_ACCOUNT) } } },
      { Key: { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: document(OWN_ACCOUNT, { ...OWN_ACCOUNT, Principal: '*', Condition: { StringEquals: { 'aws:SourceAccount': ACCOUNT } } }) } } },
      /^other\.amazonaws\.com: kms:/,
    ],
    ['AISEC-16J', queue(), queue({}, { Action: 'sqs:*' }), /^events\.amazonaws\.com: sqs:(AddPermission|DeleteQueue|PurgeQueue|SetQueueAttributes)/],
    [
      'AISEC-07G',
      { Worker: role('worker', 'lambda.amazonaws.com', [allow('logs:PutLogEvents'), { ...allow('states:StartExecution'), Resource: `arn:aws:states:eu-west-1:${ACCOUNT}:stateMachine:own` }]) },
      { Worker: role('worker', 'lambda.amazonaws.com', [allow(['logs:PutLogEvents', 'states:StartExecution'])]) },
      /^Worker: states:StartExecution \S+nobody-named-it/,
    ],
    [
      'AISEC-07H',
      { Sweeper: role('sweeper', 'lambda.amazonaws.com', [{ ...allow('sagemaker:StopTrainingJob'), Resource: `arn:aws:sagemaker:eu-west-1:${ACCOUNT}:training-job/*` }]) },
      { Sweeper: role('sweeper', 'lambda.amazonaws.com', [allow('sagemaker:StopTrainingJob')]) },
      /^Sweeper: sagemaker:StopTrainingJob/,
    ],
    [
      'AISEC-07F',
      { ...door({ StringEquals: { 'aws:ResourceAccount': ACCOUNT } }), Agent: role('agent', 'lambda.amazonaws.com', [allow('sqs:SendMessage')]) },
      { ...door(), Agent: role('agent', 'lambda.amazonaws.com', [allow('sqs:SendMessage')]) },
      /: sqs:SendMessage .*aws:ResourceAccount=/,
    ],
    [
      'AISEC-18C',
      { Launcher: launcher({ Condition: { Null: { 'sagemaker:OutputKmsKeyArn': 'false' } } }) },
      { Launcher: launcher({ Condition: { ArnLikeIfExists: { 'sagemaker:OutputKmsKeyArn': 'arn:aws:kms:*' } } }) },
      /no sagemaker:OutputKmsKeyArn/,
    ],
    [
      'AISEC-18D',
      { Launcher: launcher({ Condition: { Null: { 'sagemaker:VolumeKmsKeyArn': 'false' } } }) },
      { Launcher: launcher() },
      /CreateTrainingJob.*no sagemaker:VolumeKmsKeyArn/,
    ],
    [
      'AISEC-19B',
      { Approver: role('approver', 'lambda.amazonaws.com', [{ ...allow('sagemaker:UpdateModelPackage'), Condition: { StringEquals: { 'sagemaker:ModelApprovalStatus': 'Approved' } } }]) },
      { Approver: role('approver', 'lambda.amazonaws.com', [{ ...allow('sagemaker:UpdateModelPackage'), Condition: { StringEqualsIfExists: { 'sagemaker:ModelApprovalStatus': 'Approved' } } }]) },
      /^Approver: sagemaker:UpdateModelPackage .*no sagemaker:ModelApprovalStatus/,
    ],
    ['AISEC-19C', group([{ ArnNotEquals: { 'aws:PrincipalArn': CLOUDFORMATION } }]), group([]), /^an administrator of 111122223333: sagemaker:(Delete|Put)ModelPackageGroup/],
    [
      'AISEC-05F',
      store('served', { Action: ['s3:GetObject', 's3:GetObjectVersion'], Condition: { StringEquals: { 's3:ExistingObjectTag/secure-ai-state': 'retired' } } }),
      store('served', { Action: ['s3:GetObject', 's3:GetObjectVersion'], Condition: { StringEquals: { 's3:ExistingObjectTag/secure-ai-state': 'gone' } } }),
      /^an administrator .*s3:ExistingObjectTag\/secure-ai-state=retired/,
    ],
    ['AISEC-05G', store('served', { Action: ['s3:*Tagging', 's3:ReplicateTags'] }), store('served', { Action: 's3:Put*Tagging' }), /^an administrator .*: s3:(Delete\w+Tagging|ReplicateTags)/],
    [
      'AISEC-05H',
      store('storerecords', { Action: 's3:PutObject', Condition: { Null: { 's3:if-none-match': 'true' }, Bool: { 's3:ObjectCreationOperation': 'true' } } }),
      store('storerecords', { Action: 's3:PutObject', Condition: { Null: { 's3:if-none-match': 'true' }, Bool: { 's3:ObjectCreationOperation': 'false' } } }),
      /s3:PutObject .*no s3:if-none-match/,
    ],
    ['AISEC-05I', scans('verdicts', 'reports'), scans('reports'), /^an administrator .*: s3:\w+ arn:aws:s3:::held\/verdicts\//],
    ['AISEC-05J', gates('decisions', 'pending', 'requests', 'summaries', 'tokens'), gates('decisions', 'pending', 'summaries', 'tokens'), /^an administrator .*: s3:\w+ arn:aws:s3:::held\/requests\//],
    [
      'AISEC-17I',
      { Job: role('job', 'sagemaker.amazonaws.com', [{ ...allow('ec2:CreateNetworkInterface'), Resource: `arn:aws:ec2:eu-west-1:${ACCOUNT}:subnet/subnet-0a1b2c3d4e5f60718` }]) },
      { Job: role('job', 'sagemaker.amazonaws.com', [allow('ec2:CreateNetworkInterface')]) },
      /^Job: ec2:CreateNetworkInterface/i,
    ],
    [
      'AISEC-24M',
      { Job: role('job', 'lambda.amazonaws.com', [{ ...allow('cloudwatch:PutMetricData'), Condition: { StringEquals: { 'cloudwatch:namespace': 'own' } } }]) },
      { Job: role('job', 'lambda.amazonaws.com', [allow('cloudwatch:PutMetricData')]) },
      /cloudwatch:namespace=nobody-named-it/,
    ],
    ['AISEC-24N', trail({}), trail({ Resource: 'arn:aws:s3:::records/*' }), /^cloudtrail\.amazonaws\.com: s3:PutObject arn:aws:s3:::records\/AWSLogs\/000000000000\//],
    ['AISEC-24O', trail({}), trail({ Condition: {} }), /^cloudtrail\.amazonaws\.com: s3:PutObject .*no s3:x-amz-acl/],
    ['AISEC-24P', trail({}, 'true'), trail({}), /^cloudtrail\.amazonaws\.com: s3:PutObject .*customer-algorithm=/],
    [
      'AISEC-06F',
      { Scan: role('scan', MALWARE_SCAN, [{ ...allow('events:PutRule'), Condition: { StringEquals: { 'events:ManagedBy': MALWARE_SCAN } } }]) },
      { Scan: role('scan', MALWARE_SCAN, [{ ...allow('events:PutRule'), Condition: { StringEqualsIfExists: { 'events:ManagedBy': MALWARE_SCAN } } }]) },
      /^Scan: events:PutRule .*no events:ManagedBy/,
    ],
  ])('%s', (id, closed, open, request) => {
    const proved = judged(id, closed as never);
    expect([proved.verdict, proved.reasons]).toEqual(['PROVED', []]);
    const { verdict, reasons } = judged(id, open as never);
    expect(verdict).toBe('REFUTED');
    expect(reasons[0]).toMatch(request);
  });
});

const CLOUDFORMATION = `arn:aws:iam::${ACCOUNT}:role/cdk-hnb659fds-cfn-exec-role-eu-west-1`;

const MALWARE_SCAN = 'malware-protection-plan.guardduty.amazonaws.com';

/** A bucket that a trail delivers to, with what its policy asks. */
function trail(more: object, denied?: string): object {
  const Condition = { StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control' } };
  const writes = { Effect: 'Allow', Principal: { Service: 'cloudtrail.amazonaws.com' }, Action: 's3:PutObject', Resource: `arn:aws:s3:::records/AWSLogs/${ACCOUNT}/*`, Condition, ...more };
  const brought = { Null: { 's3:x-amz-server-side-encryption-customer-algorithm': 'false' } };
  const deny = denied === undefined ? [] : [{ Effect: 'Deny', Principal: '*', Action: 's3:PutObject', Resource: '*', Condition: brought }];
  return {
    Records: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'records' } },
    Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'Records' }, PolicyDocument: document(writes, ...deny) } },
    Trail: { Type: 'AWS::CloudTrail::Trail', Properties: { IsLogging: true, S3BucketName: { Ref: 'Records' } } },
  };
}

/** A queue that EventBridge sends to, with what its policy asks. */
function queue(Condition: object = {}, more: object = {}): object {
  const sends = { Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action: 'sqs:SendMessage', Resource: '*', Condition, ...more };
  return {
    Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'q' } },
    QueuePolicy: { Type: 'AWS::SQS::QueuePolicy', Properties: { Queues: [{ Ref: 'Queue' }], PolicyDocument: document(sends) } },
    Worker: role('worker', 'events.amazonaws.com', []),
  };
}

/** An endpoint of SQS, with what its policy asks. */
function door(Condition: object = {}): object {
  const PolicyDocument = document({ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*', Condition });
  return { Door: { Type: 'AWS::EC2::VPCEndpoint', Properties: { VpcEndpointType: 'Interface', VpcId: 'vpc-0a', ServiceName: 'com.amazonaws.eu-west-1.sqs', PolicyDocument } } };
}

function group(conditions: object[]): object {
  const deny = (Condition: object) => ({
    Effect: 'Deny', Principal: '*', Action: ['sagemaker:DeleteModelPackageGroup*', 'sagemaker:PutModelPackageGroupPolicy'], Resource: '*', Condition,
  });
  return { Group: { Type: 'AWS::SageMaker::ModelPackageGroup', Properties: { ModelPackageGroupName: 'g', ModelPackageGroupPolicy: document(...conditions.map(deny)) } } };
}

/** A bucket by its logical id, with one denial on its objects, and a role that works with them. */
function store(name: string, denial: object, more: object = {}): Record<string, object> {
  const Resource = 'arn:aws:s3:::held/*';
  return {
    [name]: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'held' } },
    Policy: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: name }, PolicyDocument: document({ Effect: 'Deny', Principal: '*', Resource, ...denial }) } },
    Worker: role('worker', 'lambda.amazonaws.com', [{ Effect: 'Allow', Action: ['s3:GetObject', 's3:PutObject'], Resource }]),
    ...more,
  };
}

/** Administrators write nothing below some keys. */
function written(...kinds: string[]): object {
  return { Action: ['s3:PutObject', 's3:ReplicateObject'], Resource: kinds.map((kind) => `arn:aws:s3:::held/${kind}/*`), Condition: { ArnNotEquals: { 'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:role/worker` } } };
}

function scans(...kinds: string[]): object {
  return store('storerecords', written(...kinds), {
    Promoter: { Type: 'AWS::Lambda::Function', Properties: { Environment: { Variables: { VERDICTS_BUCKET: { Ref: 'storerecords' } } } } },
  });
}

function gates(...kinds: string[]): object {
  return store('storerecords', written(...kinds), {
    Announced: { Type: 'AWS::Events::Rule', Properties: { EventPattern: { detail: { bucket: { name: [{ Ref: 'storerecords' }] } } } } },
  });
}

function allow(Action: unknown): object {
  return { Effect: 'Allow', Action, Resource: '*' };
}

function launcher(more: object = {}): object {
  return role('launcher', 'lambda.amazonaws.com', [{ ...allow('sagemaker:CreateTrainingJob'), ...more }]);
}

function trust(Condition: object): object {
  return {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: 'sagemaker.amazonaws.com' }, Action: 'sts:AssumeRole', Condition }],
  };
}
