import { RemovalPolicy } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Bucket, IBucket } from 'aws-cdk-lib/aws-s3';
import { SecurityPosture } from '../posture';
import { BUCKET_POLICY, limitPolicySize } from './policy-size';

/** Sids of the denies, so that proofs can take one away. */
export const GUARD = {
  PLAIN_HTTP: 'DenyPlainHttp',
  PLAIN_HTTP_BOOLEAN: 'DenyPlainHttpBoolean',
  OLD_TLS: 'DenyOldTls',
  WRONG_KEY: 'DenyWrongKey',
  OTHER_ENCRYPTION: 'DenyOtherEncryption',
  CUSTOMER_KEY: 'DenyCustomerProvidedKey',
  DELETION: 'DenyDeletion',
  TAMPERING: 'DenySettingsChange',
  POLICY: 'DenyPolicyChange',
  PEOPLE: 'DenyWritesByPeople',
} as const;

/** TLS of at least 1.2. Checkers disagree on whether the value is a string or a boolean, so both are there. */
export function transportGuards(bucket: IBucket): PolicyStatement[] {
  return [
    deny(GUARD.PLAIN_HTTP, everythingIn(bucket), ['s3:*'], { Bool: { 'aws:SecureTransport': 'false' } }),
    deny(GUARD.PLAIN_HTTP_BOOLEAN, everythingIn(bucket), ['s3:*'], { Bool: { 'aws:SecureTransport': false } }),
    deny(GUARD.OLD_TLS, everythingIn(bucket), ['s3:*'], { NumericLessThan: { 's3:TlsVersion': '1.2' } }),
  ];
}

/**
 * Objects are encrypted with the bucket's key or not written.
 *
 * A request without headers gets the bucket's default, which is that key: only a header that names something else is refused. Keys that
 * the caller provides are how stolen credentials turn a bucket into a hostage. Services that deliver logs choose their own headers
 * (CloudTrail's digests are SSE-S3): `spareServices` leaves them to the statements that let them in.
 */
export function encryptionGuards(bucket: IBucket, keyArn: string, spareServices = false): PolicyStatement[] {
  const put = ['s3:PutObject'];
  const people = spareServices ? { BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } } : {};
  return [
    deny(GUARD.WRONG_KEY, objectsIn(bucket), put, {
      ...people,
      Null: { 's3:x-amz-server-side-encryption-aws-kms-key-id': 'false' },
      StringNotEquals: { 's3:x-amz-server-side-encryption-aws-kms-key-id': keyArn },
    }),
    deny(GUARD.OTHER_ENCRYPTION, objectsIn(bucket), put, {
      ...people,
      Null: { 's3:x-amz-server-side-encryption': 'false' },
      StringNotEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' },
    }),
    deny(GUARD.CUSTOMER_KEY, objectsIn(bucket), put, { Null: { 's3:x-amz-server-side-encryption-customer-algorithm': 'false' } }),
  ];
}

/** Nobody but break-glass roles deletes versions or shortens locks; lifecycle rules are not requests and still work. */
export function deletionGuard(bucket: IBucket): PolicyStatement {
  const { breakGlassRoleArns } = SecurityPosture.of(bucket);
  return deny(
    GUARD.DELETION,
    objectsIn(bucket),
    ['s3:DeleteObject', 's3:DeleteObjectVersion', 's3:BypassGovernanceRetention', 's3:PutObjectRetention', 's3:PutObjectLegalHold'],
    unlessPrincipal(breakGlassRoleArns),
  );
}

/** Nobody but CloudFormation's role and break-glass roles turns the settings that keep versions and records. */
export function tamperingGuard(bucket: IBucket): PolicyStatement {
  const posture = SecurityPosture.of(bucket);
  return deny(
    GUARD.TAMPERING,
    [bucket.bucketArn],
    [
      's3:DeleteBucket',
      's3:PutBucketLogging',
      's3:PutBucketObjectLockConfiguration',
      's3:PutBucketVersioning',
      's3:PutEncryptionConfiguration',
      's3:PutLifecycleConfiguration',
      's3:PutReplicationConfiguration',
    ],
    unlessPrincipal([...posture.deploymentRoleArns(bucket), ...posture.breakGlassRoleArns]),
  );
}

/**
 * Who could change the policy could lift every other deny, so that is for CloudFormation's role and break-glass roles. The account's root
 * user can always repair it.
 */
export function policyGuard(bucket: IBucket): PolicyStatement {
  const posture = SecurityPosture.of(bucket);
  return deny(
    GUARD.POLICY,
    [bucket.bucketArn],
    ['s3:DeleteBucketPolicy', 's3:PutBucketOwnershipControls', 's3:PutBucketPolicy', 's3:PutBucketPublicAccessBlock'],
    unlessPrincipal([...posture.deploymentRoleArns(bucket), ...posture.breakGlassRoleArns]),
  );
}

/** Records are written by the services that were let in, and by nobody else: a forged record is as bad as a deleted one. */
export function servicesOnlyGuard(bucket: IBucket): PolicyStatement {
  return deny(
    GUARD.PEOPLE,
    objectsIn(bucket),
    ['s3:PutObject', 's3:PutObjectTagging', 's3:PutObjectVersionTagging', 's3:ReplicateObject'],
    { BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } },
  );
}

/**
 * Each key is written once. The second condition leaves the parts of a multipart upload alone: they carry no write-once header, its
 * completion does.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html
 */
export function overwriteGuard(sid: string, resources: string[]): PolicyStatement {
  return deny(sid, resources, ['s3:PutObject'], { Null: { 's3:if-none-match': 'true' }, Bool: { 's3:ObjectCreationOperation': 'true' } });
}

/** Adds guards to a bucket's policy, which is kept with the bucket: data without its denies would be open to any administrator. */
export function addKeptPolicy(bucket: Bucket, guards: readonly PolicyStatement[]): void {
  for (const guard of guards) bucket.addToResourcePolicy(guard);
  bucket.policy?.applyRemovalPolicy(RemovalPolicy.RETAIN);
  limitPolicySize(bucket, BUCKET_POLICY, () => bucket.policy?.document);
}

/** A deny for everybody; conditions make the exceptions. `NotPrincipal` would miss sessions of a named role. */
export function deny(sid: string, resources: string[], actions: string[], conditions: Record<string, unknown>): PolicyStatement {
  return new PolicyStatement({ sid, effect: Effect.DENY, principals: [new AnyPrincipal()], actions, resources, conditions });
}

/** The condition that spares principals: none to spare, no condition. */
export function unlessPrincipal(arns: readonly string[]): Record<string, unknown> {
  return arns.length > 0 ? { ArnNotLike: { 'aws:PrincipalArn': [...arns] } } : {};
}

/** Spares more principals from a deny that is in place already; a deny that spares nobody has no condition. */
export function spare(statement: PolicyStatement, arns: readonly string[]): void {
  statement.addCondition('ArnNotEquals', { 'aws:PrincipalArn': [...arns] });
}

export function objectsIn(bucket: IBucket): string[] {
  return [bucket.arnForObjects('*')];
}

export function everythingIn(bucket: IBucket): string[] {
  return [bucket.bucketArn, bucket.arnForObjects('*')];
}
