import { compares, either } from '../refusal';
import type { Rule } from '../rule';
import { BUCKET, ofKeptBucket } from './ai-bucket';
import { judgeRefusal } from './bucket-refusal';

const OLD_TLS = compares(/^s3:tlsversion$/, /^NumericLessThan$/, /^1\.[23]$/);
const PRESIGNED = either(
  compares(/^s3:authtype$/, /^String(Equals|Like)/, /^REST-QUERY-STRING$/),
  compares(/^s3:authtype$/, /^StringNot/, /^REST-HEADER$/),
  compares(/^s3:signatureage$/, /^NumericGreaterThan/),
);

/** `AISec-DP25`. */
export const bucketRefusesOldTls: Rule = {
  id: 'AISec-DP25',
  name: 'BucketRefusesOldTls',
  title: 'Buckets of models, training data and their logs refuse TLS before 1.2',
  severity: 'MEDIUM',
  controls: ['DP2a'],
  threats: ['AML.T0035', 'LLM02'],
  why: 'A client that still takes old TLS is talked down to it on the way, and what it reads or writes is open.',
  remedy: 'Add a Deny for everybody where s3:TlsVersion is below 1.2.',
  example:
    "bucket.addToResourcePolicy(new iam.PolicyStatement({ effect: iam.Effect.DENY, principals: [new iam.AnyPrincipal()], actions: ['s3:*'], resources: [bucket.bucketArn, bucket.arnForObjects('*')], conditions: { NumericLessThan: { 's3:TlsVersion': '1.2' } } }));",
  source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html',
  types: BUCKET,
  check: ofKeptBucket((bucket) =>
    judgeRefusal(bucket, { actions: ['s3:GetObject', 's3:PutObject'], when: OLD_TLS, message: 'requests with TLS before 1.2 are answered' }),
  ),
};

/** `AISec-DP26`. */
export const bucketRefusesPresigned: Rule = {
  id: 'AISec-DP26',
  name: 'BucketRefusesPresigned',
  title: 'Buckets of models and training data refuse presigned URLs, or old ones',
  severity: 'MEDIUM',
  controls: ['MI3', 'DP2a'],
  threats: ['AML.T0025', 'AML.T0035', 'LLM02'],
  why: 'A presigned URL is a key without an owner: whoever finds it in a log or a chat reads the weights, up to a week later.',
  remedy: 'Add a Deny for everybody where s3:authType is REST-QUERY-STRING, or where s3:signatureAge is above some minutes.',
  example:
    "bucket.addToResourcePolicy(new iam.PolicyStatement({ effect: iam.Effect.DENY, principals: [new iam.AnyPrincipal()], actions: ['s3:*'], resources: [bucket.arnForObjects('*')], conditions: { StringEquals: { 's3:authType': 'REST-QUERY-STRING' } } }));",
  source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html',
  types: BUCKET,
  check: ofKeptBucket((bucket) =>
    judgeRefusal(bucket, { actions: ['s3:GetObject'], when: PRESIGNED, message: 'presigned URLs are answered' }),
  ),
};
