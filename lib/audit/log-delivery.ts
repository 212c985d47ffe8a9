import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { LogSource } from './log-source';

/** The sources that an archive can take. */
export type DeliveredSource = Exclude<LogSource, LogSource.S3_ACCESS_LOGS | LogSource.CONFIG>;

/** What a source needs of the bucket and of its key. */
export interface LogDelivery {
  readonly bucket: PolicyStatement[];
  readonly key: PolicyStatement[];
}

/** What AWS documents for a delivery. */
interface DeliveryShape {
  readonly service: string;
  /** ARN of what delivers, behind the partition. Names are made later, and naming them here would be a cycle. */
  readonly source: (stack: Stack) => string;
  /** Whether the service documents that it sends `aws:SourceAccount` as well. */
  readonly sendsAccount: boolean;
  /** Whether the service asks that its objects belong to the bucket's owner. */
  readonly ownerControl: boolean;
  readonly reads: readonly string[];
  readonly objects: (account: string) => readonly string[];
  readonly key: readonly string[];
}

const SHAPES: Readonly<Record<DeliveredSource, DeliveryShape>> = {
  // https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
  [LogSource.CLOUDTRAIL]: {
    service: 'cloudtrail.amazonaws.com',
    source: ({ region, account }) => `cloudtrail:${region}:${account}:trail/*`,
    sendsAccount: false,
    ownerControl: true,
    reads: ['s3:GetBucketAcl'],
    objects: (account) => [`AWSLogs/${account}/*`],
    key: ['kms:DescribeKey', 'kms:GenerateDataKey'],
  },
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-S3.html
  [LogSource.VENDED_LOGS]: {
    service: 'delivery.logs.amazonaws.com',
    source: ({ region, account }) => `logs:${region}:${account}:*`,
    sendsAccount: true,
    ownerControl: true,
    reads: ['s3:GetBucketAcl', 's3:ListBucket'],
    // The second form is for flow logs with Hive-compatible prefixes.
    objects: (account) => [`AWSLogs/${account}/*`, `AWSLogs/aws-account-id=${account}/*`],
    key: [
      'kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:GenerateDataKeyWithoutPlaintext', 'kms:ReEncryptFrom',
      'kms:ReEncryptTo',
    ],
  },
  // https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_exportfindings.html
  [LogSource.GUARDDUTY_FINDINGS]: {
    service: 'guardduty.amazonaws.com',
    source: ({ region, account }) => `guardduty:${region}:${account}:detector/*`,
    sendsAccount: true,
    ownerControl: false,
    reads: ['s3:GetBucketLocation'],
    // AWS documents the whole bucket: before the first export GuardDuty tries whether it can write.
    objects: () => ['*'],
    key: ['kms:GenerateDataKey'],
  },
};

/** The statements with which a source delivers on behalf of the archive's account, and of no other. */
export function logDelivery(bucket: IBucket, source: DeliveredSource): LogDelivery {
  const stack = Stack.of(bucket);
  const shape = SHAPES[source];
  const principals = [new ServicePrincipal(shape.service)];
  const allow = (name: string, actions: readonly string[], resources: string[], more: Record<string, string> = {}): PolicyStatement => {
    const equals = { ...(shape.sendsAccount ? { 'aws:SourceAccount': stack.account } : {}), ...more };
    return new PolicyStatement({
      sid: deliverySid(source, name),
      principals,
      actions: [...actions],
      resources,
      conditions: {
        ArnLike: { 'aws:SourceArn': `arn:${stack.partition}:${shape.source(stack)}` },
        ...(Object.keys(equals).length > 0 ? { StringEquals: equals } : {}),
      },
    });
  };
  return {
    bucket: [
      allow('Checks', shape.reads, [bucket.bucketArn]),
      allow(
        'Writes',
        ['s3:PutObject'],
        shape.objects(stack.account).map((pattern) => bucket.arnForObjects(pattern)),
        shape.ownerControl ? { 's3:x-amz-acl': 'bucket-owner-full-control' } : {},
      ),
    ],
    key: [allow('Encrypts', shape.key, ['*'])],
  };
}

/** `VENDED_LOGS`, `Writes` → `VendedLogsWrites`. */
function deliverySid(source: LogSource, name: string): string {
  return source.toLowerCase().replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase()) + name;
}
