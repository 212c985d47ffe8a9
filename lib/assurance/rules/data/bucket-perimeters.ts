import { AiWorkload } from '../ai-workload';
import { compares } from '../refusal';
import type { Rule } from '../rule';
import { BUCKET, ofKeptBucket } from './ai-bucket';
import { judgeRefusal } from './bucket-refusal';

const FOREIGN_IDENTITY = compares(/^aws:principal(orgid|orgpaths|account)$/, /Not/);
const FOREIGN_NETWORK = compares(/^aws:(sourcevpce?|sourceip|vpcsourceip|vpce(orgid|orgpaths|account))$/, /Not/);

/** `AISec-DP63`. */
export const bucketRefusesForeignIdentities: Rule = {
  id: 'AISec-DP63',
  name: 'BucketRefusesForeignIdentities',
  title: 'Buckets of models, training data and records refuse identities of other organisations',
  severity: 'MEDIUM',
  controls: ['MI3', 'AA3'],
  threats: ['AML.T0025', 'AML.T0020', 'LLM02'],
  why: 'From inside of the network a job with the credentials of an attacker reads the weights, or writes what is learned next, and no network condition stops it.',
  remedy: 'Add a Deny for everybody where aws:PrincipalOrgID or aws:PrincipalAccount is not the own one, services excepted; here or in a resource control policy.',
  example:
    "bucket.addToResourcePolicy(new iam.PolicyStatement({ effect: iam.Effect.DENY, principals: [new iam.AnyPrincipal()], actions: ['s3:*'], resources: [bucket.bucketArn, bucket.arnForObjects('*')], conditions: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-abcd123456' }, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } } }));",
  source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_data-perimeters.html',
  types: BUCKET,
  // Resource control policies of the organisation refuse it as well, and no template shows them.
  evidenceOnly: true,
  check: ofKeptBucket((bucket) =>
    judgeRefusal(bucket, { actions: ['s3:GetObject', 's3:PutObject'], when: FOREIGN_IDENTITY, message: 'identities of others are let in where a policy allows them' }),
  ),
};

/** `AISec-DP64`. */
export const bucketRefusesForeignNetworks: Rule = {
  id: 'AISec-DP64',
  name: 'BucketRefusesForeignNetworks',
  title: 'Buckets of models, training data and records refuse requests from other networks',
  severity: 'MEDIUM',
  controls: ['MI3', 'RT1'],
  threats: ['AML.T0025', 'AML.T0012', 'LLM02'],
  why: 'A session that was copied out of a job or a notebook is of the own organisation: only the network tells it from the real one.',
  remedy: 'Add a Deny for everybody where aws:SourceVpce, aws:SourceVpc, aws:VpceOrgID or aws:SourceIp is not the own one, services excepted; here or in a resource control policy.',
  example:
    "bucket.addToResourcePolicy(new iam.PolicyStatement({ effect: iam.Effect.DENY, principals: [new iam.AnyPrincipal()], actions: ['s3:GetObject*', 's3:PutObject*'], resources: [bucket.arnForObjects('*')], conditions: { StringNotEquals: { 'aws:SourceVpce': endpoint.vpcEndpointId }, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false', 'aws:ViaAWSService': 'false' } } }));",
  source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_data-perimeters.html',
  types: BUCKET,
  // Resource control policies of the organisation refuse it as well, and no template shows them.
  evidenceOnly: true,
  check: ofKeptBucket((bucket) =>
    AiWorkload.of(bucket.app).isForTrying(bucket.resource)
      ? []
      : judgeRefusal(bucket, { actions: ['s3:GetObject', 's3:PutObject'], when: FOREIGN_NETWORK, message: 'a copied session is served on any network' }),
  ),
};
