import { compares, either, isAbsent } from '../refusal';
import type { Rule } from '../rule';
import { BUCKET, ofServedBucket } from './ai-bucket';
import { judgeRefusal } from './bucket-refusal';

/** Requests that may overwrite. Parts of an upload in parts carry no such header; the request that completes it does. */
export const OVERWRITES = either(isAbsent(/^s3:if-none-match$/), compares(/^s3:objectcreationoperation$/, /^Bool$/, /^true$/));

/** `AISec-DP33`. */
export const servedModelNamedWriters: Rule = {
  id: 'AISec-DP33',
  name: 'ServedModelNamedWriters',
  title: 'Models that are served are written by named principals only',
  severity: 'HIGH',
  controls: ['MI3', 'ML6'],
  threats: ['AML.T0018', 'AML.T0020', 'LLM04'],
  why: 'The endpoint loads what lies there at its next start: whoever can write to the place decides what answers.',
  remedy: 'Add a Deny of s3:PutObject for everybody but the role that promotes.',
  example:
    "bucket.addToResourcePolicy(new iam.PolicyStatement({ effect: iam.Effect.DENY, principals: [new iam.AnyPrincipal()], actions: ['s3:PutObject'], resources: [bucket.arnForObjects('models/*')], conditions: { ArnNotLike: { 'aws:PrincipalArn': [promoter.roleArn] } } }));",
  source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html',
  types: BUCKET,
  check: ofServedBucket((bucket) =>
    judgeRefusal(bucket, { actions: ['s3:PutObject'], somewhere: true, message: 'whoever has the permission writes models' }),
  ),
};

/** `AISec-DP34`. */
export const servedModelWrittenOnce: Rule = {
  id: 'AISec-DP34',
  name: 'ServedModelWrittenOnce',
  title: 'Models that are served are not overwritten',
  severity: 'MEDIUM',
  controls: ['ML5', 'ML8'],
  threats: ['AML.T0018', 'LLM04'],
  why: 'SageMaker loads by key at each scale-out: an overwritten object is served without any deployment.',
  remedy: 'Add a Deny of object creation where s3:if-none-match is absent.',
  example:
    "bucket.addToResourcePolicy(new iam.PolicyStatement({ effect: iam.Effect.DENY, principals: [new iam.AnyPrincipal()], actions: ['s3:PutObject'], resources: [bucket.arnForObjects('models/*')], conditions: { Null: { 's3:if-none-match': 'true' }, Bool: { 's3:ObjectCreationOperation': 'true' } } }));",
  source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html',
  types: BUCKET,
  check: ofServedBucket((bucket) =>
    judgeRefusal(bucket, { actions: ['s3:PutObject'], somewhere: true, when: OVERWRITES, message: 'a served model can be overwritten' }),
  ),
};
