import type { Answer } from '../answer';
import { all, any, ask, isOneOf, isPresent } from '../answer';
import type { Subject } from '../subject';
import { itemsOf } from '../subject';
import { valueAt } from '../../template';
import { judged } from '../judgement';
import type { Rule } from '../rule';
import { BUCKET, ofAiBucket } from './ai-bucket';

const ENCRYPTION = 'BucketEncryption.ServerSideEncryptionConfiguration';

/** `AISec-DP12`. */
export const modelBucketKey: Rule = {
  id: 'AISec-DP12',
  name: 'ModelBucketKey',
  title: 'Buckets of models and training data are encrypted with a key of the owner',
  severity: 'HIGH',
  controls: ['DP2b', 'MI3'],
  threats: ['AML.T0035', 'AML.T0048.004', 'LLM02'],
  why: 'With the keys of S3 whoever may read the object reads it: there is no second lock, no trace of its use and nothing to withdraw.',
  remedy: 'Set aws:kms with KMSMasterKeyID.',
  example: "new s3.Bucket(this, 'Models', { encryption: s3.BucketEncryption.KMS, encryptionKey: key, bucketKeyEnabled: true });",
  source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html',
  types: BUCKET,
  check: ofAiBucket((bucket) => judged(hasOwnKey(bucket), 'the bucket has no key of the owner', ENCRYPTION)),
};

/** Whether a bucket encrypts what it takes with a key of the owner. */
export function hasOwnKey(bucket: Subject): Answer {
  return ask(bucket.at('BucketEncryption'), (encryption) =>
    any(
      itemsOf(valueAt(encryption, ['ServerSideEncryptionConfiguration']), ENCRYPTION).map(({ value }) => {
        const of = (name: string) => valueAt(value, ['ServerSideEncryptionByDefault', name]);
        return all([isOneOf('aws:kms', 'aws:kms:dsse')(of('SSEAlgorithm')), isPresent(of('KMSMasterKeyID'))]);
      }),
    ),
  );
}
