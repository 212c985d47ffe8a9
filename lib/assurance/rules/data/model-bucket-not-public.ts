import type { Rule } from '../rule';
import { BUCKET, ofAiBucket } from './ai-bucket';

const SWITCHES = ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'];

/** `AISec-DP10`. */
export const modelBucketNotPublic: Rule = {
  id: 'AISec-DP10',
  name: 'ModelBucketNotPublic',
  title: 'Buckets of models and training data cannot be made public',
  severity: 'HIGH',
  controls: ['MI3', 'P4'],
  threats: ['AML.T0035', 'AML.T0048.004', 'LLM02'],
  why: 'One wrong line in a policy or an ACL puts the weights and the training data on the internet.',
  remedy: 'Set the four switches of PublicAccessBlockConfiguration to true.',
  example: "new s3.Bucket(this, 'Models', { blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL });",
  source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html',
  types: BUCKET,
  check: ofAiBucket((bucket) =>
    SWITCHES.map((name) => bucket.requireTrue(`PublicAccessBlockConfiguration.${name}`, `${name} is not switched on in the template`)),
  ),
};
