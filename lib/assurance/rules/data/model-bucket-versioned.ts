import type { Rule } from '../rule';
import { BUCKET, ofAiBucket } from './ai-bucket';

/** `AISec-DP09`. */
export const modelBucketVersioned: Rule = {
  id: 'AISec-DP09',
  name: 'ModelBucketVersioned',
  title: 'Buckets of models and training data keep versions',
  severity: 'HIGH',
  controls: ['ML5', 'DP7'],
  threats: ['AML.T0018', 'AML.T0020', 'LLM04'],
  why: 'A swapped model or a changed row of training data leaves no trace, and the good file is gone.',
  remedy: 'Switch versioning on.',
  example: "new s3.Bucket(this, 'Models', { versioned: true });",
  source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html',
  types: BUCKET,
  check: ofAiBucket((bucket) => bucket.requireOneOf('VersioningConfiguration.Status', ['Enabled'], 'the bucket keeps no versions')),
};
