import { WITHOUT_TLS } from '../refusal';
import type { Rule } from '../rule';
import { BUCKET, ofAiBucket } from './ai-bucket';
import { judgeRefusal } from './bucket-refusal';

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
  check: ofAiBucket((bucket) =>
    judgeRefusal(bucket, { actions: ['s3:GetObject'], when: WITHOUT_TLS, message: 'requests without TLS are answered' }),
  ),
};
