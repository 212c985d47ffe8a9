import { Duration, Names, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { CfnBucket, IBucket, LifecycleRule } from 'aws-cdk-lib/aws-s3';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { ObjectLock } from '../posture';
import { acknowledgeNoReplica } from './no-replica';
import { addKeptPolicy, deletionGuard, encryptionGuards, policyGuard, tamperingGuard, transportGuards } from './bucket-guards';
import { BucketPerimeter } from './bucket-perimeter';

/** What every bucket of the library has in common. */
export const KEPT_AND_PRIVATE = {
  blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
  removalPolicy: RemovalPolicy.RETAIN,
} as const;

export interface SecureBucketProps {
  /** Encrypts the objects. */
  readonly key: IKey;
  /** Receives the server access log. */
  readonly accessLogs: IBucket;
  /** The default lock of new versions; none when undefined. */
  readonly objectLock?: ObjectLock;
  /** Retention of superseded versions, in days. */
  readonly noncurrentDays: number;
  /** Lifecycle rules besides the retention of superseded versions. */
  readonly lifecycleRules?: LifecycleRule[];
  /** Whether AWS services, which the policy lets in one by one, choose the encryption headers of what they deliver. */
  readonly deliveredByServices?: boolean;
}

/**
 * A bucket for data or models: encrypted with its key, versioned, lockable, logged, inside the posture's perimeter, kept when its stack
 * goes.
 *
 * Object Lock is always enabled, which costs nothing, because enabling it later replaces the bucket: a profile decides only on the
 * default retention, which CloudFormation changes in place.
 */
export class SecureBucket extends Bucket {
  /** The data perimeter, for who is let through later. */
  public readonly perimeter: BucketPerimeter;

  constructor(scope: Construct, id: string, props: SecureBucketProps) {
    super(scope, id, {
      ...KEPT_AND_PRIVATE,
      encryption: BucketEncryption.KMS,
      encryptionKey: props.key,
      bucketKeyEnabled: true,
      versioned: true,
      objectLockEnabled: true,
      lifecycleRules: [supersededVersions(props.noncurrentDays), ...(props.lifecycleRules ?? [])],
    });
    const resource = this.node.defaultChild as CfnBucket;
    if (props.objectLock) resource.objectLockConfiguration = defaultRetention(props.objectLock);
    // Through the L1: the L2's switch adds a singleton function with a custom resource.
    resource.notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
    sendAccessLogs(this, props.accessLogs);

    this.perimeter = new BucketPerimeter(this);
    const guards = [
      ...transportGuards(this),
      ...this.perimeter.guards,
      ...encryptionGuards(this, props.key.keyArn, props.deliveredByServices),
      deletionGuard(this),
      tamperingGuard(this),
      policyGuard(this),
    ];
    addKeptPolicy(this, guards);
    acknowledgeNoReplica(this);
  }
}

/** Retention of superseded versions, and of the parts of uploads that were never completed. */
export function supersededVersions(days: number): LifecycleRule {
  return { id: 'SupersededVersions', noncurrentVersionExpiration: Duration.days(days), abortIncompleteMultipartUploadAfter: Duration.days(7) };
}

function defaultRetention(lock: ObjectLock): CfnBucket.ObjectLockConfigurationProperty {
  return {
    objectLockEnabled: 'Enabled',
    rule: { defaultRetention: { mode: lock.mode, days: lock.duration.toDays() } },
  };
}

/**
 * Through the L1 and a statement of our own: the L2 falls back to an ACL, which a bucket with enforced ownership refuses.
 *
 * A target in another stack cannot name the source, which names it already: there, account and prefix limit the delivery.
 */
function sendAccessLogs(source: Bucket, target: IBucket): void {
  const prefix = `${Names.uniqueResourceName(source, { maxLength: 80, separator: '-' })}/`;
  (source.node.defaultChild as CfnBucket).loggingConfiguration = { destinationBucketName: target.bucketName, logFilePrefix: prefix };
  target.addToResourcePolicy(new PolicyStatement({
    principals: [new ServicePrincipal('logging.s3.amazonaws.com')],
    actions: ['s3:PutObject'],
    resources: [target.arnForObjects(`${prefix}*`)],
    conditions: {
      ...(Stack.of(source) === Stack.of(target)
        ? { ArnEquals: { 'aws:SourceArn': source.bucketArn } }
        : { ArnLike: { 'aws:SourceArn': `arn:${Stack.of(target).partition}:s3:::*` } }),
      StringEquals: { 'aws:SourceAccount': Stack.of(source).account },
    },
  }));
}
