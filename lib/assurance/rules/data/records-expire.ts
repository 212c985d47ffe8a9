import { judged } from '../judgement';
import type { Rule } from '../rule';
import { BUCKET, ofRecordBucket } from './ai-bucket';
import { LIFECYCLE_RULES, saysEnd } from './lifecycle-ends';

/** `AISec-DP56`. */
export const recordsExpire: Rule = {
  id: 'AISec-DP56',
  name: 'RecordsExpire',
  title: 'Access logs and trails of an AI workload have an end',
  severity: 'LOW',
  controls: ['DP6', 'OB1'],
  threats: ['AML.T0025'],
  why: 'Who called which model with which data is personal data as well: kept for ever it is a duty, and a target.',
  remedy: 'Add a lifecycle rule with the retention of the records.',
  example: "new s3.Bucket(this, 'AccessLogs', { lifecycleRules: [{ expiration: Duration.days(400) }] });",
  source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lifecycle-mgmt.html',
  types: BUCKET,
  check: ofRecordBucket((bucket) => judged(saysEnd(bucket, 'ExpirationInDays', 'ExpirationDate'), 'records are kept for ever', LIFECYCLE_RULES)),
};
