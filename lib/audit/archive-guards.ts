import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { deny, objectsIn, unlessPrincipal } from '../core/bucket-guards';
import { SecurityPosture } from '../posture';

/** Sids of the archive's own denies. */
export const ARCHIVE_GUARD = {
  PEOPLE: 'DenyWritesByPeople',
  POLICY: 'DenyPolicyChange',
} as const;

/**
 * Records are written by the services that were admitted, and by nobody else: a forged record is as bad as a deleted one. Who could
 * change the policy could lift every other deny, so that is for CloudFormation and break-glass roles. The account's root user can always
 * repair it.
 */
export function archiveGuards(bucket: IBucket): PolicyStatement[] {
  const posture = SecurityPosture.of(bucket);
  return [
    deny(
      ARCHIVE_GUARD.PEOPLE,
      objectsIn(bucket),
      ['s3:PutObject', 's3:PutObjectTagging', 's3:PutObjectVersionTagging', 's3:ReplicateObject'],
      { BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } },
    ),
    deny(
      ARCHIVE_GUARD.POLICY,
      [bucket.bucketArn],
      ['s3:DeleteBucketPolicy', 's3:PutBucketOwnershipControls', 's3:PutBucketPolicy', 's3:PutBucketPublicAccessBlock'],
      unlessPrincipal([...posture.deploymentRoleArns(bucket), ...posture.breakGlassRoleArns]),
    ),
  ];
}
