import { any, isOneOf } from '../answer';
import { judged } from '../judgement';
import type { Rule } from '../rule';
import { BUCKET, ofAiBucket } from './ai-bucket';
import { LIFECYCLE_RULES, saysEnd } from './lifecycle-ends';

const ENDS = ['ExpirationInDays', 'ExpirationDate', 'NoncurrentVersionExpiration', 'NoncurrentVersionExpirationInDays', 'ExpiredObjectDeleteMarker'];

/** `AISec-DP04`. */
export const lifecycleOnAiData: Rule = {
  id: 'AISec-DP04',
  name: 'LifecycleOnAiData',
  title: 'Classified data of an AI workload is deleted after its time',
  severity: 'MEDIUM',
  controls: ['DP6'],
  threats: ['AML.T0035', 'LLM02'],
  why: 'Training sets and captured requests that nobody needs any more are what the next leak consists of.',
  remedy: 'Add a lifecycle rule with an expiration.',
  example: "new s3.Bucket(this, 'Data', { lifecycleRules: [{ expiration: Duration.days(365), noncurrentVersionExpiration: Duration.days(30) }] });",
  source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lifecycle-mgmt.html',
  types: BUCKET,
  check: ofAiBucket((bucket) => {
    const classification = bucket.app.tag(bucket.resource, 'DataClassification');
    if (classification === undefined) return [];
    return judged(any([isOneOf('public', 'Public', 'PUBLIC')(classification), saysEnd(bucket, ...ENDS)]), 'nothing is ever deleted', LIFECYCLE_RULES);
  }),
};
