import type { CatalogueAttack } from '../attack-spec';
import { CALLERS, LEAST_PRIVILEGE_IS_ONE_LAYER, OWN_ROLES, OWN_WORK, atlas } from './subjects';

/** What roles do with resources, some of each service: with all actions the proof would take minutes. */
const USES = [
  's3:GetObject',
  's3:GetObjectVersion',
  's3:GetObjectTagging',
  's3:PutObject',
  's3:DeleteObject',
  's3:ListBucket',
  's3:PutBucketNotification',
  'kms:CreateGrant',
  'kms:Decrypt',
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:Sign',
  'sqs:ReceiveMessage',
  'sqs:SendMessage',
  'sns:Publish',
  'dynamodb:GetItem',
  'dynamodb:PutItem',
  'dynamodb:Query',
  'secretsmanager:GetSecretValue',
  'logs:CreateLogStream',
  'logs:PutLogEvents',
  'events:DescribeRule',
  'events:PutRule',
  'events:PutTargets',
  'lambda:InvokeFunction',
  'ecr:BatchGetImage',
  'sagemaker:InvokeEndpoint',
];
/** Names that no policy holds, in full: only a wildcard reaches them, and few names are quick to decide. */
const UNNAMED = [
  'arn:aws:s3:::a-bucket-that-nobody-named/x',
  'arn:aws:s3:::a-bucket-that-nobody-named',
  'arn:aws:kms:@regions@:@accounts@:key/00000000-0000-4000-8000-000000000000',
  'arn:aws:sqs:@regions@:@accounts@:nobody-named-it',
  'arn:aws:sns:@regions@:@accounts@:nobody-named-it',
  'arn:aws:dynamodb:@regions@:@accounts@:table/nobody-named-it',
  'arn:aws:secretsmanager:@regions@:@accounts@:secret:nobody-named-it',
  'arn:aws:logs:@regions@:@accounts@:log-group:nobody-named-it:log-stream:x',
  'arn:aws:events:@regions@:@accounts@:rule/nobody-named-it',
  'arn:aws:lambda:@regions@:@accounts@:function:nobody-named-it',
  'arn:aws:ecr:@regions@:@accounts@:repository/nobody-named-it',
  'arn:aws:sagemaker:@regions@:@accounts@:endpoint/nobody-named-it',
];
/** What else roles do, and the names that it is tried with: apart, so that each proof is quick. */
const FURTHER_USES = [
  'events:PutEvents',
  'iam:PassRole',
  'kms:GetPublicKey',
  'logs:GetLogEvents',
  's3:AbortMultipartUpload',
  's3:ListBucketVersions',
  's3:ListMultipartUploadParts',
  'sagemaker:AddTags',
  'sagemaker:CreateTrainingJob',
  'sagemaker:DescribeModelPackage',
  'sagemaker:UpdateModelPackage',
  'states:StartExecution',
];
const FURTHER_UNNAMED = [
  'arn:aws:s3:::a-bucket-that-nobody-named/x',
  'arn:aws:s3:::a-bucket-that-nobody-named',
  'arn:aws:iam::@accounts@:role/nobody-named-it',
  'arn:aws:kms:@regions@:@accounts@:key/00000000-0000-4000-8000-000000000000',
  'arn:aws:events:@regions@:@accounts@:event-bus/nobody-named-it',
  'arn:aws:logs:@regions@:@accounts@:log-group:nobody-named-it:log-stream:x',
  'arn:aws:sagemaker:@regions@:@accounts@:training-job/nobody-named-it',
  'arn:aws:sagemaker:@regions@:@accounts@:model-package/nobody-named-it/1',
  'arn:aws:states:@regions@:@accounts@:stateMachine:nobody-named-it',
];
/** What roles may do with all jobs of a kind, since jobs are known by kind only. */
const OF_A_KIND = ['sagemaker:Describe*Job', 'sagemaker:DescribeModel', 'sagemaker:ListTags', 'sagemaker:Stop*Job'];
const KINDS = ['hyper-parameter-tuning-job', 'model', 'processing-job', 'training-job', 'transform-job'];
const OF_STRANGERS = KINDS.map((kind) => `arn:aws:sagemaker:@regions@:000000000000:${kind}/nobody-named-it`);

/** What roles do beyond what they were given. */
export const LEAST_PRIVILEGE: readonly CatalogueAttack[] = [
  {
    id: 'AISEC-07D',
    title: 'a role of ours acts on resources that nobody gave it',
    threats: atlas('AML.T0025'),
    controls: ['P1'],
    subjects: { callers: CALLERS },
    // API Gateway's role for logs has them all, which AWS takes in no other form: AISEC-07E asks what else it may do.
    principals: { ...OWN_ROLES, exceptKept: ['API_LOG'] },
    action: USES,
    resource: UNNAMED,
    legitimate: {
      action: ['s3:GetObject', 's3:PutObject', 'kms:Decrypt', 'sqs:SendMessage'],
      resource: ['@ownBuckets@/models/x', '@ownKeys@', '@ownQueues@'],
      principals: OWN_ROLES,
    },
    oneLayer: LEAST_PRIVILEGE_IS_ONE_LAYER,
  },
  {
    id: 'AISEC-07E',
    title: 'the role with which API Gateway writes logs acts on something else that nobody gave it',
    threats: atlas('AML.T0025'),
    controls: ['P1'],
    subjects: { loggers: { callers: { namedBy: ['AWS::ApiGateway::Account@CloudWatchRoleArn'] } } },
    principals: { types: ['ROLE'], from: 'loggers' },
    action: USES.filter((action) => !action.startsWith('logs:')),
    resource: UNNAMED,
    legitimate: { action: ['logs:PutLogEvents'], resource: UNNAMED, principals: { types: ['ROLE'], from: 'loggers' } },
    oneLayer: LEAST_PRIVILEGE_IS_ONE_LAYER,
  },
  {
    id: 'AISEC-07G',
    title: 'a role of ours passes, starts or approves something that nobody gave it',
    threats: atlas('AML.T0012', 'AML.T0025'),
    controls: ['P1'],
    subjects: { callers: CALLERS },
    principals: { ...OWN_ROLES, exceptKept: ['API_LOG'] },
    action: FURTHER_USES,
    resource: FURTHER_UNNAMED,
    legitimate: OWN_WORK,
    oneLayer: LEAST_PRIVILEGE_IS_ONE_LAYER,
  },
  {
    id: 'AISEC-07H',
    title: 'a role of ours reaches jobs of another account',
    threats: atlas('AML.T0025'),
    controls: ['P1'],
    subjects: { callers: { callers: { may: OF_A_KIND } } },
    principals: { ...OWN_ROLES, from: 'callers' },
    action: OF_A_KIND,
    resource: OF_STRANGERS,
    legitimate: { action: OF_A_KIND, principals: { ...OWN_ROLES, from: 'callers' } },
    oneLayer: LEAST_PRIVILEGE_IS_ONE_LAYER,
  },
];
