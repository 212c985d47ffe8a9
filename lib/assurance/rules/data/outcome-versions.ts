import { judged } from '../judgement';
import type { Rule } from '../rule';
import { BUCKET, ofOutcomeBucket } from './ai-bucket';
import { LIFECYCLE_RULES, saysEnd } from './lifecycle-ends';

const ENDS = ['ExpirationInDays', 'ExpirationDate', 'NoncurrentVersionExpiration', 'NoncurrentVersionExpirationInDays'];

/** `AISec-DP67`. */
export const outcomesExpire: Rule = {
  id: 'AISec-DP67',
  name: 'OutcomesExpire',
  title: 'What was made of data or models has an end, at least its superseded versions',
  severity: 'LOW',
  controls: ['DP6'],
  threats: ['AML.T0025', 'LLM02'],
  why: 'Results hold what they were made of: the source is deleted after its time, and its copy in a forgotten version of a result stays.',
  remedy: 'Add a lifecycle rule that expires objects, or superseded versions where the objects are records.',
  example: "new s3.Bucket(this, 'Reports', { versioned: true, lifecycleRules: [{ noncurrentVersionExpiration: Duration.days(1095) }] });",
  source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lifecycle-mgmt.html',
  types: BUCKET,
  check: ofOutcomeBucket((bucket) => judged(saysEnd(bucket, ...ENDS), 'nothing of it is ever deleted', LIFECYCLE_RULES)),
};
