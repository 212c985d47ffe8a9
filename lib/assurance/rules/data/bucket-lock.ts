import { AiWorkload } from '../ai-workload';
import type { Rule } from '../rule';
import type { Subject } from '../subject';
import { BUCKET } from './ai-bucket';

/** `AISec-DP44`. */
export const bucketCanLock: Rule = {
  id: 'AISec-DP44',
  name: 'BucketCanLock',
  title: 'Buckets of models, training data, reports and trails can lock versions',
  severity: 'LOW',
  controls: ['ML5', 'DP7', 'OB1'],
  threats: ['AML.T0018', 'AML.T0029'],
  why: 'Without a lock whoever has the permission deletes the approved model, or the trail that shows who replaced it.',
  remedy: 'Set ObjectLockEnabled to true; it costs nothing, and retention can follow later.',
  example: "new s3.Bucket(this, 'Models', { versioned: true, objectLockEnabled: true });",
  source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html',
  types: BUCKET,
  check: (bucket) => (isLockable(bucket) ? bucket.requireTrue('ObjectLockEnabled', 'no version of the bucket can be locked') : undefined),
};

/** `AISec-DP45`. */
export const bucketLocks: Rule = {
  id: 'AISec-DP45',
  name: 'BucketLocks',
  title: 'Buckets of models, training data, reports and trails lock new versions by default',
  severity: 'LOW',
  controls: ['ML5', 'DP7', 'OB1'],
  threats: ['AML.T0018', 'AML.T0029'],
  why: 'A lock that each writer has to ask for is missing on the version that was written in a hurry.',
  remedy: 'Set a default retention.',
  example: "new s3.Bucket(this, 'Models', { versioned: true, objectLockDefaultRetention: s3.ObjectLockRetention.governance(Duration.days(30)) });",
  source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html',
  types: BUCKET,
  // Writers can set the lock of each version, and no template shows that.
  evidenceOnly: true,
  check: (bucket) =>
    isLockable(bucket) && !AiWorkload.of(bucket.app).isForTrying(bucket.resource)
      ? bucket.requirePresent('ObjectLockConfiguration.Rule.DefaultRetention', 'new versions are not locked by default')
      : undefined,
};

/** Access logs cannot be delivered to a bucket with a default lock: buckets of access logs only are left out. */
function isLockable({ app, resource }: Subject): boolean {
  const workload = AiWorkload.of(app);
  return workload.isBucket(resource) || workload.isOutcome(resource) || app.naming(resource, 'AWS::CloudTrail::Trail', 'S3BucketName').some(() => workload.isRecord(resource));
}
