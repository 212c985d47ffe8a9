import { Duration } from 'aws-cdk-lib';
import { Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledge';
import { addKeptPolicy, deletionGuard, policyGuard, servicesOnlyGuard, tamperingGuard, transportGuards } from './bucket-guards';
import { BucketPerimeter } from './bucket-perimeter';
import { acknowledgeNoReplica } from './no-replica';
import { KEPT_AND_PRIVATE, supersededVersions } from './secure-bucket';

/**
 * The bucket that receives server access logs.
 *
 * AWS delivers them only to a bucket with SSE-S3 and without a default lock; a deny of every deletion stands in for the lock.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
 */
export class AccessLogBucket extends Bucket {
  constructor(scope: Construct, id: string, props: { readonly retentionDays: number }) {
    super(scope, id, {
      ...KEPT_AND_PRIVATE,
      encryption: BucketEncryption.S3_MANAGED,
      versioned: true,
      lifecycleRules: [{ ...supersededVersions(90), id: 'ExpireLogs', expiration: Duration.days(props.retentionDays) }],
    });
    const guards = [
      ...transportGuards(this),
      ...new BucketPerimeter(this).guards,
      deletionGuard(this),
      tamperingGuard(this),
      policyGuard(this),
      servicesOnlyGuard(this),
    ];
    addKeptPolicy(this, guards);
    acknowledge(this, 'access-log-target', [
      'HIPAA.Security-S3DefaultEncryptionKMS',
      'NIST.800.53.R5-S3DefaultEncryptionKMS',
      'PCI.DSS.321-S3DefaultEncryptionKMS',
      'NIST.800.53.R4-S3BucketDefaultLockEnabled',
    ]);
    acknowledgeNoReplica(this);
  }
}
