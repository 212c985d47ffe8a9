import type { Rule } from '../rule';

/** `AISec-DP08`. */
export const vectorBucketKey: Rule = {
  id: 'AISec-DP08',
  name: 'VectorBucketKey',
  title: 'A vector bucket is encrypted with a key of the owner',
  severity: 'HIGH',
  controls: ['DP2b'],
  threats: ['AML.T0035', 'LLM08'],
  why: 'Vectors give back much of the text that they stand for: without a key of the owner nobody sees or stops who reads them.',
  remedy: 'Set EncryptionConfiguration to aws:kms with a key when the bucket is made; it cannot be changed later.',
  example: "new s3vectors.CfnVectorBucket(this, 'Vectors', { encryptionConfiguration: { sseType: 'aws:kms', kmsKeyArn: key.keyArn } });",
  source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-vectors-data-encryption.html',
  types: ['AWS::S3Vectors::VectorBucket'],
  check: (bucket) => [
    bucket.requireOneOf('EncryptionConfiguration.SseType', ['aws:kms'], 'the vectors are not encrypted with KMS'),
    bucket.requirePresent('EncryptionConfiguration.KmsKeyArn', 'the vectors have no key of the owner'),
  ],
};
