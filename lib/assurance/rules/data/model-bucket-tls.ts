import type { PolicyStatement } from '../../template';
import type { Answer } from '../answer';
import { any, answer } from '../answer';
import { judged } from '../judgement';
import type { Rule } from '../rule';
import { coversAction, isForAnybody, testsOn } from '../statement-match';
import { BUCKET, ofAiBucket } from './ai-bucket';
import { bucketStatements, unreadableBucketPolicy } from './bucket-policy';

/** `AISec-DP11`. */
export const modelBucketTls: Rule = {
  id: 'AISec-DP11',
  name: 'ModelBucketTls',
  title: 'Buckets of models and training data refuse requests without TLS',
  severity: 'HIGH',
  controls: ['DP2a'],
  threats: ['AML.T0035', 'LLM02'],
  why: 'On the way a model is read or replaced by whoever sits on the line.',
  remedy: 'Add a Deny for everybody where aws:SecureTransport is false.',
  example: "new s3.Bucket(this, 'Models', { enforceSSL: true });",
  source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html',
  types: BUCKET,
  check: ofAiBucket(({ app, resource }) => {
    const unreadable = unreadableBucketPolicy(app, resource);
    const refused = any(bucketStatements(app, resource).map(({ statement }) => refusesPlain(statement)));
    return refused === 'NO' && unreadable.length > 0 ? unreadable : judged(refused, 'requests without TLS are answered');
  }),
};

function refusesPlain(statement: PolicyStatement): Answer {
  if (statement.effect !== 'Deny' || !isForAnybody(statement) || coversAction(statement, 's3:GetObject') !== 'YES') return 'NO';
  const plain = testsOn(statement, 'aws:SecureTransport').some(({ values }) => values.some(({ parts }) => parts.join('') === 'false'));
  return statement.opaque.length > 0 || (plain && statement.presence === 'MAYBE') ? 'UNKNOWN' : answer(plain);
}
