import { all, isTrue } from '../answer';
import { judged } from '../judgement';
import type { Rule } from '../rule';
import { BUCKET, ofAiBucket } from './ai-bucket';

const BLOCK = 'PublicAccessBlockConfiguration';
const SWITCHES = ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'];

/** `AISec-DP10`. */
export const modelBucketNotPublic: Rule = {
  id: 'AISec-DP10',
  name: 'ModelBucketNotPublic',
  title: 'Buckets of models and training data cannot be made public',
  severity: 'MEDIUM',
  controls: ['MI3', 'P4'],
  threats: ['AML.T0035', 'AML.T0048.004', 'LLM02'],
  why: 'What the service sets for new buckets is undone by one call, and the template does not put it back: then one line of a policy publishes the weights.',
  remedy: 'Set the four switches of PublicAccessBlockConfiguration to true.',
  example: "new s3.Bucket(this, 'Models', { blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL });",
  source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html',
  types: BUCKET,
  check: ofAiBucket((bucket) => {
    const answers = SWITCHES.map((name) => isTrue(bucket.at(`${BLOCK}.${name}`)));
    const missing = SWITCHES.filter((_, i) => answers[i] !== 'YES');
    return judged(all(answers), `not switched on in the template: ${missing.join(', ')}`, BLOCK);
  }),
};
