import { compares, either } from '../refusal';
import type { Rule } from '../rule';
import { BUCKET, ofServedBucket } from './ai-bucket';
import { judgeRefusal } from './bucket-refusal';

const MARKED = either(compares(/^s3:existingobjecttag\//, /^String(Equals|Like)/), compares(/^s3:existingobjecttag\//, /^StringNot/));

/** `AISec-DP69`. */
export const servedModelWithdrawn: Rule = {
  id: 'AISec-DP69',
  name: 'ServedModelWithdrawn',
  title: 'A model that is served can be withdrawn: a tag bars it from being read',
  severity: 'LOW',
  controls: ['ML8', 'DP7'],
  threats: ['AML.T0018', 'AML.T0010.003', 'LLM04'],
  why: 'A backdoor is found and the endpoint is rolled back: the object is locked and stays, and the next scale-out, or a test by hand, loads it again.',
  remedy: 'Add a Deny of s3:GetObject for everybody where a tag says that the object is withdrawn, or does not say that it is approved.',
  example:
    "bucket.addToResourcePolicy(new iam.PolicyStatement({ effect: iam.Effect.DENY, principals: [new iam.AnyPrincipal()], actions: ['s3:GetObject', 's3:GetObjectVersion'], resources: [bucket.arnForObjects('*')], conditions: { StringEquals: { 's3:ExistingObjectTag/state': 'withdrawn' } } }));",
  source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/tagging-and-policies.html',
  types: BUCKET,
  // The registry, or the pipeline that deploys, may refuse a withdrawn model as well, and no template shows that.
  evidenceOnly: true,
  check: ofServedBucket((bucket) =>
    judgeRefusal(bucket, { actions: ['s3:GetObject', 's3:GetObjectVersion'], somewhere: true, when: MARKED, message: 'a withdrawn model is read as before' }),
  ),
};
