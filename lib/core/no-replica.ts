import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { acknowledge } from './acknowledge';

/** Leaves the findings that ask for a replica: a copy elsewhere is a decision about where data may live, not a default. */
export function acknowledgeNoReplica(bucket: Bucket): void {
  acknowledge(
    bucket,
    'no-replica',
    ['HIPAA.Security', 'NIST.800.53.R4', 'NIST.800.53.R5', 'PCI.DSS.321'].map((pack) => `${pack}-S3BucketReplicationEnabled`),
  );
}
