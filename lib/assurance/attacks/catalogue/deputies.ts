import type { AttackerSelector, CatalogueAttack, Subject } from '../attack-spec';
import { BUCKETS, CALLERS, KEYS, atlas } from './subjects';

/**
 * Services that say for whom they take a role, by their documentation.
 *
 * Lambda and GuardDuty's malware scan do not, nor does CloudTrail for the role that it delivers to CloudWatch Logs with.
 */
const SERVICES_THAT_SAY_FOR_WHOM = [
  'bedrock-agentcore.amazonaws.com',
  'bedrock.amazonaws.com',
  'codebuild.amazonaws.com',
  'events.amazonaws.com',
  'sagemaker.amazonaws.com',
  'scheduler.amazonaws.com',
  'states.amazonaws.com',
  'vpc-flow-logs.amazonaws.com',
];

/** Services of logs: for whom they use a key is said by the encryption context, which each sets by itself. */
const LOG_SERVICES = ['logs.*', 'delivery.logs.*', 'cloudtrail.*'];

const USES_OF_KEYS = ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:ReEncryptFrom'];
/** What says for whom a service uses a key, whichever it is. */
const FOR_ANOTHER_ACCOUNT = {
  StringNotEquals: { 'aws:SourceAccount': '@accounts@', 'kms:CallerAccount': '@accounts@' },
  ArnNotLike: { 'aws:SourceArn': ['arn:*:*:*:@accounts@:*'] },
} as const;
const ONLY_THE_KEY = 'services have no identity policies: only what the key grants them decides';
const ONLY_THE_RESOURCE = 'services have no identity policies: only what the resource grants them decides';

/** Keys that logs lie under. */
const LOG_KEYS: Subject = { resources: [{ types: ['AWS::KMS::Key'], referencedBy: ['AWS::Logs::LogGroup@KmsKeyId'] }] };
/** Trails, which name their keys by aliases as well. */
const TRAILS: Subject = { resources: [{ types: ['AWS::CloudTrail::Trail'] }] };
/** Queues, topics and functions, which services send to and call by the policies of these. */
const RECEIVERS: Subject = { resources: [{ types: ['AWS::SQS::Queue', 'AWS::SNS::Topic', 'AWS::Lambda::Function'] }] };

const USED: Subject = { resources: [{ types: ['AWS::S3::Bucket', 'AWS::SQS::Queue', 'AWS::SNS::Topic', 'AWS::Lambda::Function'] }] };
const UNNAMED_SERVICE: AttackerSelector = { types: ['SERVICE'], ids: ['other.amazonaws.com'] };

/** One attack for each service whose encryption context says for whom it acts: one service's context says nothing about another. */
function byLogService(id: string, about: string, used: Subject, service: string, key: string, arn: string): CatalogueAttack {
  return {
    id,
    title: `${about} are encrypted or read with a key of ours on behalf of another account`,
    threats: atlas('AML.T0025'),
    controls: ['P1', 'DP3'],
    subjects: { keys: KEYS, used },
    principals: { types: ['SERVICE'], ids: [service] },
    action: USES_OF_KEYS,
    resource: ['@keys@'],
    where: { ...FOR_ANOTHER_ACCOUNT, ArnNotLike: { ...FOR_ANOTHER_ACCOUNT.ArnNotLike, [key]: [arn] } },
    legitimate: { action: USES_OF_KEYS, resource: ['@keys@'], principals: { types: ['SERVICE'], ids: [service] } },
    oneLayer: ONLY_THE_KEY,
  };
}

/** Ways through services that act for somebody else, or that nobody meant. */
export const DEPUTIES: readonly CatalogueAttack[] = [
  {
    id: 'AISEC-16A',
    title: 'a service takes a role of ours on behalf of another account',
    threats: atlas('AML.T0012'),
    controls: ['P1'],
    subjects: { deputies: { callers: { trusts: SERVICES_THAT_SAY_FOR_WHOM } } },
    principals: { types: ['SERVICE'], ids: SERVICES_THAT_SAY_FOR_WHOM },
    action: ['sts:AssumeRole'],
    resource: ['@deputies@'],
    where: { StringNotEquals: { 'aws:SourceAccount': '@accounts@' }, ArnNotLike: { 'aws:SourceArn': ['arn:*:*:*:@accounts@:*'] } },
    legitimate: {
      action: ['sts:AssumeRole'],
      resource: ['@deputies@'],
      where: { StringEquals: { 'aws:SourceAccount': '@accounts@' } },
      principals: { types: ['SERVICE'] },
    },
    oneLayer: 'only the trust of a role sees for whom a service acts',
  },
  {
    id: 'AISEC-16B',
    title: 'a service reads or writes a bucket of ours on behalf of another account',
    threats: atlas('AML.T0020'),
    controls: ['P1', 'OB1'],
    subjects: { buckets: BUCKETS },
    principals: { types: ['SERVICE'] },
    action: ['s3:PutObject', 's3:GetObject', 's3:GetBucketAcl', 's3:GetBucketLocation'],
    resource: ['@buckets@', '@buckets@/*'],
    where: {
      StringNotEquals: { 'aws:SourceAccount': '@accounts@' },
      // A bucket's ARN names no account: whoever takes a free name has the ARN.
      ArnNotLike: { 'aws:SourceArn': ['arn:*:*:*:@accounts@:*'] },
    },
    legitimate: {
      action: ['s3:PutObject', 's3:GetObject', 's3:GetBucketAcl', 's3:GetBucketLocation'],
      resource: ['@buckets@', '@buckets@/*'],
      where: { StringEquals: { 'aws:SourceAccount': '@accounts@' } },
      principals: { types: ['SERVICE'] },
    },
    oneLayer: 'services have no identity policies: only what the bucket grants them decides',
  },
  {
    id: 'AISEC-16C',
    title: 'a service uses a key of ours on behalf of another account',
    threats: atlas('AML.T0025'),
    controls: ['P1', 'DP3'],
    subjects: { keys: KEYS },
    // Of the services of logs, each is asked by what it says itself: AISEC-16E, AISEC-16F and AISEC-16G.
    principals: { types: ['SERVICE'], exceptIds: LOG_SERVICES },
    action: USES_OF_KEYS,
    resource: ['@keys@'],
    where: FOR_ANOTHER_ACCOUNT,
    legitimate: { action: ['kms:Decrypt', 'kms:GenerateDataKey'], resource: ['@keys@'], principals: { types: ['SERVICE', 'ROLE'] } },
    oneLayer: ONLY_THE_KEY,
  },
  {
    id: 'AISEC-16D',
    title: 'a service administers a key of ours',
    threats: atlas('AML.T0025'),
    controls: ['P1', 'DP3'],
    subjects: { keys: KEYS },
    principals: { types: ['SERVICE'] },
    action: ['kms:PutKeyPolicy', 'kms:ScheduleKeyDeletion', 'kms:DisableKey', 'kms:Sign', 'kms:UpdateAlias'],
    resource: ['@keys@'],
    legitimate: { action: ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:DescribeKey'], resource: ['@keys@'], principals: { types: ['SERVICE', 'ROLE'] } },
    oneLayer: 'services have no identity policies: only what the key grants them decides',
  },
  byLogService('AISEC-16E', 'logs', LOG_KEYS, 'logs.*', 'kms:EncryptionContext:aws:logs:arn', 'arn:*:logs:*:@accounts@:*'),
  byLogService('AISEC-16F', 'deliveries of logs', LOG_KEYS, 'delivery.logs.*', 'kms:EncryptionContext:SourceArn', 'arn:*:*:*:@accounts@:*'),
  byLogService('AISEC-16G', 'trails', TRAILS, 'cloudtrail.*', 'kms:EncryptionContext:aws:cloudtrail:arn', 'arn:*:cloudtrail:*:@accounts@:*'),
  {
    id: 'AISEC-16H',
    title: 'a service sends to a queue or topic of ours, or calls a function, on behalf of another account',
    threats: atlas('AML.T0020'),
    controls: ['P1'],
    subjects: { receivers: RECEIVERS },
    principals: { types: ['SERVICE'] },
    action: ['lambda:InvokeFunction', 'sns:Publish', 'sqs:SendMessage'],
    resource: ['@receivers@'],
    where: { StringNotEquals: { 'aws:SourceAccount': '@accounts@' }, ArnNotLike: { 'aws:SourceArn': ['arn:*:*:*:@accounts@:*', '@ownBuckets@'] } },
    legitimate: { action: ['lambda:InvokeFunction', 'sns:Publish', 'sqs:SendMessage'], resource: ['@receivers@'], principals: { types: ['SERVICE', 'ROLE'] } },
    oneLayer: ONLY_THE_RESOURCE,
  },
  {
    id: 'AISEC-16I',
    title: 'a service that nobody named uses a bucket, queue, topic or function of ours',
    threats: atlas('AML.T0012', 'AML.T0025'),
    controls: ['P1'],
    subjects: { used: USED },
    principals: UNNAMED_SERVICE,
    action: [
      'lambda:InvokeFunction',
      's3:GetBucketAcl',
      's3:GetBucketLocation',
      's3:GetObject',
      's3:ListBucket',
      's3:PutObject',
      'sns:Publish',
      'sqs:SendMessage',
    ],
    resource: ['@used@', '@used@/*'],
    legitimate: {
      action: ['lambda:InvokeFunction', 's3:GetObject', 's3:PutObject', 'sns:Publish', 'sqs:SendMessage'],
      resource: ['@used@', '@used@/*'],
      principals: { types: ['SERVICE', 'ROLE', 'ACCOUNT_ADMIN'] },
    },
    oneLayer: ONLY_THE_RESOURCE,
  },
  {
    id: 'AISEC-16J',
    title: 'a service administers a bucket, queue, topic or function that it only uses',
    threats: atlas('AML.T0012', 'AML.T0101'),
    controls: ['P1'],
    subjects: { callers: CALLERS },
    principals: { types: ['SERVICE'] },
    action: [
      'lambda:AddPermission',
      'lambda:DeleteFunction',
      'lambda:UpdateFunctionCode',
      's3:DeleteBucket',
      's3:PutBucketAcl',
      's3:PutBucketPolicy',
      's3:PutLifecycleConfiguration',
      'sns:AddPermission',
      'sns:DeleteTopic',
      'sns:SetTopicAttributes',
      'sqs:AddPermission',
      'sqs:DeleteQueue',
      'sqs:PurgeQueue',
      'sqs:SetQueueAttributes',
    ],
    legitimate: { action: ['sts:AssumeRole'], resource: ['@callers@'], principals: { types: ['SERVICE', 'FEDERATED', 'ACCOUNT_ADMIN'] } },
    oneLayer: ONLY_THE_RESOURCE,
  },
  {
    id: 'AISEC-16K',
    title: 'a service that nobody named uses a key of ours',
    threats: atlas('AML.T0025'),
    controls: ['P1', 'DP3'],
    subjects: { keys: KEYS },
    principals: UNNAMED_SERVICE,
    action: USES_OF_KEYS,
    resource: ['@keys@'],
    legitimate: { action: ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:DescribeKey'], resource: ['@keys@'], principals: { types: ['SERVICE', 'ROLE', 'ACCOUNT_ADMIN'] } },
    oneLayer: ONLY_THE_KEY,
  },
  {
    id: 'AISEC-16L',
    title: 'a service that nobody named takes a role of ours',
    threats: atlas('AML.T0012'),
    controls: ['P1'],
    subjects: { callers: CALLERS },
    principals: UNNAMED_SERVICE,
    action: ['sts:AssumeRole'],
    resource: ['@callers@'],
    legitimate: { action: ['sts:AssumeRole'], resource: ['@callers@'], principals: { types: ['SERVICE', 'FEDERATED', 'ACCOUNT_ADMIN'] } },
    oneLayer: 'only the trust of a role decides who takes it',
  },
];
