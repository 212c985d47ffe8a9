import { AiWorkload } from '../ai-workload';
import { compares, either, isThere } from '../refusal';
import type { Rule } from '../rule';
import type { Subject } from '../subject';
import { BUCKET, ofKeptBucket } from './ai-bucket';
import type { Refusal } from './bucket-refusal';
import { judgeRefusal } from './bucket-refusal';
import { hasOwnKey } from './model-bucket-key';

const KEY = /^s3:x-amz-server-side-encryption-aws-kms-key-id$/;
const ENCRYPTION = /^s3:x-amz-server-side-encryption$/;
const OTHER_KEY = either(isThere(KEY), compares(KEY, /^(String|Arn)Not/));
const OTHER_ENCRYPTION = either(isThere(ENCRYPTION), compares(ENCRYPTION, /^StringNot/, /^aws:kms/));

/** `AISec-DP27`. */
export const bucketRefusesOtherKeys: Rule = {
  id: 'AISec-DP27',
  name: 'BucketRefusesOtherKeys',
  title: 'Buckets of models, training data and records refuse objects under another key',
  severity: 'MEDIUM',
  controls: ['DP2b', 'DP3'],
  threats: ['AML.T0029', 'AML.T0035'],
  why: 'Who may write but not read stores the model under a key of their own: they can read it elsewhere, and take it from you by deleting the key.',
  remedy: 'Add a Deny for everybody where s3:x-amz-server-side-encryption-aws-kms-key-id is there and not the own key.',
  example:
    "bucket.addToResourcePolicy(new iam.PolicyStatement({ effect: iam.Effect.DENY, principals: [new iam.AnyPrincipal()], actions: ['s3:PutObject'], resources: [bucket.arnForObjects('*')], conditions: { Null: { 's3:x-amz-server-side-encryption-aws-kms-key-id': 'false' }, StringNotEquals: { 's3:x-amz-server-side-encryption-aws-kms-key-id': key.keyArn } } }));",
  source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html',
  types: BUCKET,
  check: ofEncrypted({ actions: ['s3:PutObject'], when: OTHER_KEY, message: 'objects under another key are taken' }),
};

/** `AISec-DP28`. */
export const bucketRefusesOtherEncryption: Rule = {
  id: 'AISec-DP28',
  name: 'BucketRefusesOtherEncryption',
  title: 'Buckets of models, training data and records refuse objects that are encrypted without KMS',
  severity: 'MEDIUM',
  controls: ['DP2b', 'DP3'],
  threats: ['AML.T0029', 'AML.T0035'],
  why: 'A header of one upload overrides the default of the bucket: the object needs no key to be read, and no key logs who reads it.',
  remedy: 'Add a Deny for everybody where s3:x-amz-server-side-encryption is there and not aws:kms.',
  example:
    "bucket.addToResourcePolicy(new iam.PolicyStatement({ effect: iam.Effect.DENY, principals: [new iam.AnyPrincipal()], actions: ['s3:PutObject'], resources: [bucket.arnForObjects('*')], conditions: { Null: { 's3:x-amz-server-side-encryption': 'false' }, StringNotEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' } } }));",
  source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html',
  types: BUCKET,
  check: ofEncrypted({ actions: ['s3:PutObject'], when: OTHER_ENCRYPTION, message: 'objects that are encrypted without KMS are taken' }),
};

/** `AISec-DP29`. */
export const bucketRefusesCallerKeys: Rule = {
  id: 'AISec-DP29',
  name: 'BucketRefusesCallerKeys',
  title: 'Buckets of models, training data and records refuse keys that the caller provides',
  severity: 'MEDIUM',
  controls: ['DP2b', 'DP3'],
  threats: ['AML.T0029', 'AML.T0035'],
  why: 'With stolen credentials every object is copied over itself under a key that only the thief has: the models are there and nobody can read them.',
  remedy: 'Add a Deny for everybody where s3:x-amz-server-side-encryption-customer-algorithm is there.',
  example:
    "bucket.addToResourcePolicy(new iam.PolicyStatement({ effect: iam.Effect.DENY, principals: [new iam.AnyPrincipal()], actions: ['s3:PutObject'], resources: [bucket.arnForObjects('*')], conditions: { Null: { 's3:x-amz-server-side-encryption-customer-algorithm': 'false' } } }));",
  source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerSideEncryptionCustomerKeys.html',
  types: BUCKET,
  check: ofEncrypted({ actions: ['s3:PutObject'], when: isThere(/^s3:x-amz-server-side-encryption-customer-algorithm$/), message: 'objects under keys of the caller are taken' }),
};

/** Of records only where the bucket has a key of the owner: access logs take none. */
function ofEncrypted(refusal: Refusal): Rule['check'] {
  return ofKeptBucket((bucket: Subject) =>
    AiWorkload.of(bucket.app).isBucket(bucket.resource) || hasOwnKey(bucket) === 'YES' ? judgeRefusal(bucket, refusal) : []);
}
