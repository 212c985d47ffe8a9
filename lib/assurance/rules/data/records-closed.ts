import { AiWorkload } from '../ai-workload';
import { compares, either } from '../refusal';
import type { Rule } from '../rule';
import { BUCKET, ofKeptBucket, ofRecordBucket } from './ai-bucket';
import { judgeRefusal } from './bucket-refusal';

const OUTSIDE = either(
  compares(/^aws:(principal(orgid|orgpaths|account)|source(vpce|vpc|vpceorgid)|vpce(orgid|account|orgpaths))$/, /Not/),
  compares(/^aws:(viaawsservice|principalisawsservice)$/, /^Bool$/, /^false$/),
);

/** `AISec-DP61`. */
export const recordsPerimeter: Rule = {
  id: 'AISec-DP61',
  name: 'RecordsPerimeter',
  title: 'Access logs, trails and reports of an AI workload refuse requests from outside of the organisation or network',
  severity: 'MEDIUM',
  controls: ['OB1', 'AA3'],
  threats: ['AML.T0025', 'AML.T0007'],
  why: 'Whoever reads the records knows every model, every caller and every key by name: they are the map for the next step.',
  remedy: 'Add a Deny for everybody unless aws:PrincipalOrgID, aws:PrincipalAccount or aws:SourceVpce is the own one; services excepted.',
  example:
    "bucket.addToResourcePolicy(new iam.PolicyStatement({ effect: iam.Effect.DENY, principals: [new iam.AnyPrincipal()], actions: ['s3:*'], resources: [bucket.bucketArn, bucket.arnForObjects('*')], conditions: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-abcd123456' }, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } } }));",
  source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_data-perimeters.html',
  types: BUCKET,
  check: ofKeptBucket((bucket) => {
    // Of a bucket of models or data AISec-DP01 asks it.
    if (AiWorkload.of(bucket.app).isBucket(bucket.resource)) return [];
    return judgeRefusal(bucket, { actions: ['s3:GetObject'], when: OUTSIDE, message: 'records are read from outside' });
  }),
};

/** `AISec-DP62`. */
export const recordsWrittenByServices: Rule = {
  id: 'AISec-DP62',
  name: 'RecordsWrittenByServices',
  title: 'Access logs and trails of an AI workload are written by services of AWS, or named principals, only',
  severity: 'MEDIUM',
  controls: ['OB1'],
  threats: ['AML.T0020'],
  why: 'Who may write the records writes an alibi: events that never were, under the name of somebody else.',
  remedy: 'Add a Deny of s3:PutObject for everybody where aws:PrincipalIsAWSService is false.',
  example:
    "bucket.addToResourcePolicy(new iam.PolicyStatement({ effect: iam.Effect.DENY, principals: [new iam.AnyPrincipal()], actions: ['s3:PutObject'], resources: [bucket.arnForObjects('*')], conditions: { BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } } }));",
  source: 'https://docs.aws.amazon.com/awscloudtrail/latest/userguide/best-practices-security.html',
  types: BUCKET,
  check: ofRecordBucket((bucket) => judgeRefusal(bucket, { actions: ['s3:PutObject'], message: 'whoever has the permission writes records' })),
};
