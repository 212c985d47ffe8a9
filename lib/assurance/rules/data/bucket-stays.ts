import type { Rule } from '../rule';
import { BUCKET, ofKeptBucket } from './ai-bucket';
import { judgeRefusal } from './bucket-refusal';

/** `AISec-DP30`. */
export const bucketRefusesDeletion: Rule = {
  id: 'AISec-DP30',
  name: 'BucketRefusesDeletion',
  title: 'Versions of models, training data and their logs are deleted by named principals only',
  severity: 'HIGH',
  controls: ['DP7', 'ML5'],
  threats: ['AML.T0029', 'AML.T0018', 'LLM04'],
  why: 'One wide role empties the store: the good model is gone for ever, or the record of who read it.',
  remedy: 'Add a Deny of s3:DeleteObjectVersion for everybody but named roles; lifecycle rules still delete.',
  example:
    "bucket.addToResourcePolicy(new iam.PolicyStatement({ effect: iam.Effect.DENY, principals: [new iam.AnyPrincipal()], actions: ['s3:DeleteObject', 's3:DeleteObjectVersion'], resources: [bucket.arnForObjects('*')], conditions: { ArnNotLike: { 'aws:PrincipalArn': [breakGlass.roleArn] } } }));",
  source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies.html',
  types: BUCKET,
  check: ofKeptBucket((bucket) =>
    judgeRefusal(bucket, { actions: ['s3:DeleteObjectVersion'], message: 'whoever has the permission deletes versions' }),
  ),
};

/** `AISec-DP31`. */
export const bucketRefusesSettings: Rule = {
  id: 'AISec-DP31',
  name: 'BucketRefusesSettings',
  title: 'Versioning, lifecycle and encryption of buckets of models, training data and their logs are set by named principals only',
  severity: 'MEDIUM',
  controls: ['DP7', 'ML5'],
  threats: ['AML.T0029', 'AML.T0018', 'LLM04'],
  why: 'A lifecycle rule of one day deletes more than any DeleteObject, and nobody sees a request for it.',
  remedy: 'Add a Deny of the settings for everybody but the roles that deploy.',
  example:
    "bucket.addToResourcePolicy(new iam.PolicyStatement({ effect: iam.Effect.DENY, principals: [new iam.AnyPrincipal()], actions: ['s3:DeleteBucket', 's3:PutBucketVersioning', 's3:PutEncryptionConfiguration', 's3:PutLifecycleConfiguration'], resources: [bucket.bucketArn], conditions: { ArnNotLike: { 'aws:PrincipalArn': [deployRole.roleArn] } } }));",
  source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lifecycle-mgmt.html',
  types: BUCKET,
  check: ofKeptBucket((bucket) => judgeRefusal(bucket, { actions: SETTINGS, message: 'whoever has the permission changes its settings' })),
};

/** `AISec-DP32`. */
export const bucketRefusesPolicyChange: Rule = {
  id: 'AISec-DP32',
  name: 'BucketRefusesPolicyChange',
  title: 'The policies of buckets of models, training data and their logs are changed by named principals only',
  severity: 'HIGH',
  controls: ['MI3', 'AA3'],
  threats: ['AML.T0025', 'AML.T0035', 'LLM02'],
  why: 'Who can replace the policy can lift every refusal in it first, and read or delete afterwards.',
  remedy: 'Add a Deny of s3:PutBucketPolicy, s3:DeleteBucketPolicy and s3:PutBucketPublicAccessBlock for everybody but the roles that deploy.',
  example:
    "bucket.addToResourcePolicy(new iam.PolicyStatement({ effect: iam.Effect.DENY, principals: [new iam.AnyPrincipal()], actions: ['s3:DeleteBucketPolicy', 's3:PutBucketPolicy', 's3:PutBucketPublicAccessBlock'], resources: [bucket.bucketArn], conditions: { ArnNotLike: { 'aws:PrincipalArn': [deployRole.roleArn] } } }));",
  source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html',
  types: BUCKET,
  check: ofKeptBucket((bucket) => judgeRefusal(bucket, { actions: POLICY, message: 'whoever has the permission lifts its policy' })),
};

const SETTINGS = ['s3:DeleteBucket', 's3:PutBucketVersioning', 's3:PutEncryptionConfiguration', 's3:PutLifecycleConfiguration'];
const POLICY = ['s3:DeleteBucketPolicy', 's3:PutBucketPolicy', 's3:PutBucketPublicAccessBlock'];
