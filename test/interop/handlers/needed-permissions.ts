import type { AnsweredCall } from './api-call';

/** A request that IAM decides about. */
export interface NeededPermission {
  readonly action: string;
  readonly resource: string;
  readonly context?: Readonly<Record<string, string>>;
  /** The service that makes it on the caller's behalf. */
  readonly through?: string;
}

/** What the account holds, as far as permissions depend on it. */
export interface AccountFacts {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  /** The key of a bucket, by the bucket's name. */
  keyOfBucket(name: string): string;
}

/**
 * What an operation needs, by the service authorisation reference and the operation's own page. It knows nothing of the handlers' contracts,
 * which are judged by it.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html#mpuAndPermissions
 * @throws for an operation that is not in the table
 */
export function neededPermissions({ service, operation, parameters, status }: AnsweredCall, account: AccountFacts): NeededPermission[] {
  const needs = NEEDS[`${service}:${operation}`];
  if (!needs) throw new Error(`${service}:${operation} is not in the table of needed permissions: add it with what AWS's reference says`);
  return needs(parameters as Parameters, account, status);
}

type Parameters = Readonly<Record<string, string>>;
type Needs = (parameters: Parameters, account: AccountFacts, status: number) => NeededPermission[];

const OBJECT_IS_MADE = { 's3:ObjectCreationOperation': 'true' };
const NOT_FOUND = 404;
const PART_IS_MADE = { 's3:ObjectCreationOperation': 'false' };

const NEEDS: Readonly<Record<string, Needs>> = {
  's3:GetObjectTagging': (parameters, account) => [{
    action: parameters.VersionId ? 's3:GetObjectVersionTagging' : 's3:GetObjectTagging', resource: objectArn(parameters.Bucket, parameters.Key, account),
  }],
  's3:PutObjectTagging': (parameters, account) => [{
    action: parameters.VersionId ? 's3:PutObjectVersionTagging' : 's3:PutObjectTagging', resource: objectArn(parameters.Bucket, parameters.Key, account),
  }],
  's3:GetObject': ({ Bucket, Key, VersionId }, account, status) => {
    const [read, ...decrypt] = readObject(Bucket, Key, VersionId, account);
    // "Not found" is told to those only who may list; others would have been denied. Nothing was there to decrypt.
    // https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
    return status === NOT_FOUND ? [read, { action: 's3:ListBucket', resource: bucketArn(Bucket, account) }] : [read, ...decrypt];
  },
  // https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
  's3:HeadObject': ({ Bucket, Key, VersionId }, account) => readObject(Bucket, Key, VersionId, account).slice(0, 1),
  // https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAttributes.html
  's3:GetObjectAttributes': ({ Bucket, Key, VersionId }, account) => [
    ...readObject(Bucket, Key, VersionId, account),
    { action: VersionId ? 's3:GetObjectVersionAttributes' : 's3:GetObjectAttributes', resource: objectArn(Bucket, Key, account) },
  ],
  's3:ListObjectsV2': ({ Bucket, Prefix }, account) => [{ action: 's3:ListBucket', resource: bucketArn(Bucket, account), context: prefixOf(Prefix) }],
  's3:ListObjectVersions': ({ Bucket, Prefix }, account) => [
    { action: 's3:ListBucketVersions', resource: bucketArn(Bucket, account), context: prefixOf(Prefix) },
  ],
  's3:PutObject': (parameters, account) => writeObject(parameters, account, OBJECT_IS_MADE, ['kms:GenerateDataKey']),
  's3:CreateMultipartUpload': (parameters, account) => writeObject(parameters, account, PART_IS_MADE, ['kms:GenerateDataKey', 'kms:Decrypt']),
  's3:UploadPartCopy': (parameters, account) => {
    const { pathname, searchParams } = new URL(`s3://x/${parameters.CopySource.replace(/^\//, '')}`);
    const [, bucket = '', ...key] = pathname.split('/');
    return [
      ...readObject(bucket, decodeURIComponent(key.join('/')), searchParams.get('versionId') ?? undefined, account),
      ...writeObject(parameters, account, PART_IS_MADE, ['kms:GenerateDataKey', 'kms:Decrypt']),
    ];
  },
  's3:CompleteMultipartUpload': (parameters, account) => writeObject(parameters, account, OBJECT_IS_MADE, ['kms:Decrypt']),
  's3:AbortMultipartUpload': ({ Bucket, Key }, account) => [{ action: 's3:AbortMultipartUpload', resource: objectArn(Bucket, Key, account) }],
  'kms:GetPublicKey': ({ KeyId }) => [{ action: 'kms:GetPublicKey', resource: KeyId }],
  'kms:Sign': ({ KeyId, MessageType, SigningAlgorithm }) => [{
    action: 'kms:Sign', resource: KeyId, context: { 'kms:MessageType': MessageType, 'kms:SigningAlgorithm': SigningAlgorithm },
  }],
  'kms:ListGrants': ({ KeyId }) => [{ action: 'kms:ListGrants', resource: KeyId }],
  'kms:RevokeGrant': ({ KeyId }) => [{ action: 'kms:RevokeGrant', resource: KeyId }],
  'events:PutEvents': ({ Entries }, account) => (Entries as unknown as Parameters[]).map((entry) => ({
    action: 'events:PutEvents',
    resource: arn('events', `event-bus/${entry.EventBusName ?? 'default'}`, account),
    context: { 'events:source': entry.Source, 'events:detail-type': entry.DetailType },
  })),
  'sagemaker:ListTags': ({ ResourceArn }) => [{ action: 'sagemaker:ListTags', resource: ResourceArn }],
  'sagemaker:DescribeModel': ({ ModelName }, account) => [{ action: 'sagemaker:DescribeModel', resource: arn('sagemaker', `model/${ModelName}`, account) }],
  ...Object.fromEntries(
    [['TrainingJob', 'training-job'], ['ProcessingJob', 'processing-job'], ['TransformJob', 'transform-job'], ['HyperParameterTuningJob', 'hyper-parameter-tuning-job']]
      .flatMap(([noun, path]) => ['Describe', 'Stop'].map((verb): [string, Needs] => [
        `sagemaker:${verb}${noun}`,
        (parameters, account) => [{ action: `sagemaker:${verb}${noun}`, resource: arn('sagemaker', `${path}/${parameters[`${noun}Name`]}`, account) }],
      ])),
  ),
  'sagemaker:DescribeEndpoint': ({ EndpointName }, account) => [
    { action: 'sagemaker:DescribeEndpoint', resource: arn('sagemaker', `endpoint/${EndpointName}`, account) },
  ],
  'sagemaker:DeleteEndpoint': ({ EndpointName }, account) => [
    { action: 'sagemaker:DeleteEndpoint', resource: arn('sagemaker', `endpoint/${EndpointName}`, account) },
  ],
  'sagemaker:InvokeEndpoint': ({ EndpointName }, account) => [{ action: 'sagemaker:InvokeEndpoint', resource: arn('sagemaker', `endpoint/${EndpointName}`, account) }],
};

function readObject(bucket: string, key: string, versionId: string | undefined, account: AccountFacts): NeededPermission[] {
  return [
    { action: versionId ? 's3:GetObjectVersion' : 's3:GetObject', resource: objectArn(bucket, key, account) },
    { action: 'kms:Decrypt', resource: account.keyOfBucket(bucket), through: 's3' },
  ];
}

function writeObject(
  { Bucket, Key, IfNoneMatch }: Parameters,
  account: AccountFacts,
  context: Readonly<Record<string, string>>,
  keyActions: readonly string[],
): NeededPermission[] {
  return [
    { action: 's3:PutObject', resource: objectArn(Bucket, Key, account), context: { ...context, ...(IfNoneMatch ? { 's3:if-none-match': IfNoneMatch } : {}) } },
    ...keyActions.map((action) => ({ action, resource: account.keyOfBucket(Bucket), through: 's3' })),
  ];
}

function prefixOf(prefix: string | undefined): Record<string, string> {
  return prefix === undefined ? {} : { 's3:prefix': prefix };
}

function bucketArn(bucket: string, { partition }: AccountFacts): string {
  return `arn:${partition}:s3:::${bucket}`;
}

function objectArn(bucket: string, key: string, { partition }: AccountFacts): string {
  return `arn:${partition}:s3:::${bucket}/${key}`;
}

function arn(service: string, end: string, { partition, region, accountId }: AccountFacts): string {
  return `arn:${partition}:${service}:${region}:${accountId}:${end}`;
}
