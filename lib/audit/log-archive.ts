import { Duration, Names, Stack, Tags, Token } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Alias, Key } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { AccessLogBucket } from '../core/access-log-bucket';
import { arnOfBucket } from '../core/bucket-arn';
import { servicesOnlyGuard } from '../core/bucket-guards';
import { declareControls } from '../core/control-declarations';
import { EncryptionKey } from '../core/encryption-key';
import { SecureBucket } from '../core/secure-bucket';
import { DataClass, SecurityPosture } from '../posture';
import type { ILogArchive } from './api';
import { logDelivery } from './log-delivery';
import { LogSource } from './log-source';

/** How an archive differs from the default. */
export interface LogArchiveProps {
  /**
   * How sensitive the records are; it decides how long they are kept.
   *
   * @default DataClass.RESTRICTED
   */
  readonly dataClass?: DataClass;
  /**
   * An existing key of the archive's account and region. An imported one must let the services that deliver generate data keys.
   *
   * @default - a new key with rotation and an alias
   */
  readonly key?: IKey;
}

/** What identifies an existing archive. */
export interface LogArchiveAttributes {
  /** ARN of the bucket. */
  readonly bucketArn: string;
  /** ARN of its key. */
  readonly keyArn: string;
  /** ARN of the bucket for S3 server access logs, in the same account and region. */
  readonly accessLogsBucketArn: string;
}

/**
 * The bucket for the audit records of an account and region, written by AWS services alone.
 *
 * A service can deliver once it is admitted, for this account only. Nobody but break-glass roles deletes a record, nobody but
 * CloudFormation and break-glass roles changes retention or policy, and people write nothing. Records expire after the time of their
 * class. The default lock is the posture's.
 *
 * Others than AWS services need the posture's networks to read records: a SIEM reads through a VPC endpoint.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
 */
export class LogArchive extends Construct implements ILogArchive {
  /**
   * Refers to an archive of another stack or app, which must admit the sources itself.
   *
   * @throws when an ARN is not that of a bucket
   */
  public static fromAttributes(scope: Construct, id: string, attributes: LogArchiveAttributes): ILogArchive {
    return new ImportedLogArchive(scope, id, attributes);
  }

  public readonly bucket: IBucket;
  public readonly key: IKey;
  public readonly keyId: string;
  public readonly accessLogs: IBucket;

  private readonly admitted = new Set<LogSource>();

  constructor(scope: Construct, id: string, props: LogArchiveProps = {}) {
    super(scope, id);
    const dataClass = props.dataClass ?? DataClass.RESTRICTED;
    const posture = SecurityPosture.of(this);
    declareControls(this, 'P5', 'DP2a', 'DP2b', 'DP3', 'DP6', 'OB1');
    Tags.of(this).add('DataClassification', dataClass);

    this.key = props.key ?? new EncryptionKey(this, 'Key', { description: 'Audit records' });
    this.keyId = props.key ? props.key.keyArn : this.aliasOf(this.key);
    this.accessLogs = new AccessLogBucket(this, 'AccessLogs', { retentionDays: posture.logRetentionDays });
    const bucket = new SecureBucket(this, 'Bucket', {
      key: this.key,
      accessLogs: this.accessLogs,
      ...(posture.objectLock ? { objectLock: posture.objectLock } : {}),
      // A record is written once: only an overwrite or an expiry leaves a superseded version.
      noncurrentDays: 90,
      lifecycleRules: [{ id: 'ExpireRecords', expiration: Duration.days(posture.retentionDays(dataClass)) }],
      deliveredByServices: true,
    });
    bucket.addToResourcePolicy(servicesOnlyGuard(bucket));
    this.bucket = bucket;
  }

  /**
   * Lets a source of the archive's account and region deliver, and encrypt what it delivers.
   *
   * @throws for sources that AWS does not let deliver to this bucket
   */
  public admit(source: LogSource): void {
    refuse(this, source);
    if (this.admitted.has(source)) return;
    this.admitted.add(source);
    const { bucket, key } = logDelivery(this.bucket, source);
    for (const statement of bucket) this.bucket.addToResourcePolicy(statement);
    for (const statement of key) this.key.addToResourcePolicy(statement);
  }

  /** A name that is known at synthesis: checkers that read templates take a reference to a key for no key. */
  private aliasOf(key: IKey): string {
    const { stackName } = Stack.of(this);
    const own = Names.uniqueResourceName(this, { maxLength: 120, separator: '-' });
    const aliasName = `alias/${Token.isUnresolved(stackName) ? own : `${stackName}-${own}`}`;
    new Alias(this, 'KeyAlias', { aliasName, targetKey: key });
    return aliasName;
  }
}

function refuse(scope: Construct, source: LogSource): asserts source is Exclude<LogSource, LogSource.CONFIG | LogSource.S3_ACCESS_LOGS> {
  if (source === LogSource.CONFIG) {
    throw new Error(
      `'${scope.node.path}' has Object Lock, and AWS Config does not deliver to a bucket with it: give AWS Config a bucket of its own`,
    );
  }
  if (source === LogSource.S3_ACCESS_LOGS) {
    throw new Error(
      `'${scope.node.path}' is encrypted with KMS, and S3 delivers access logs to SSE-S3 buckets only: send them to its accessLogs`,
    );
  }
}

class ImportedLogArchive extends Construct implements ILogArchive {
  public readonly bucket: IBucket;
  public readonly key: IKey;
  public readonly keyId: string;
  public readonly accessLogs: IBucket;

  constructor(scope: Construct, id: string, attributes: LogArchiveAttributes) {
    super(scope, id);
    this.bucket = Bucket.fromBucketArn(this, 'Bucket', arnOfBucket('bucketArn', attributes.bucketArn));
    this.key = Key.fromKeyArn(this, 'Key', attributes.keyArn);
    this.keyId = attributes.keyArn;
    this.accessLogs = Bucket.fromBucketArn(this, 'AccessLogs', arnOfBucket('accessLogsBucketArn', attributes.accessLogsBucketArn));
  }

  /** Refuses what no archive takes; the rest is up to the archive's own app. */
  public admit(source: LogSource): void {
    refuse(this, source);
  }
}
