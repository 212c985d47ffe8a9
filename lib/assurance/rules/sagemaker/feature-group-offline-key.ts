import { isPresent } from '../answer';
import type { Rule } from '../rule';

/** `AISec-SM35`. */
export const featureGroupOfflineKey: Rule = {
  id: 'AISec-SM35',
  name: 'FeatureGroupOfflineKey',
  title: 'The offline store of a feature group is encrypted with a key of your own',
  severity: 'HIGH',
  controls: ['DP2b'],
  threats: ['AML.T0025'],
  why: 'The history of every feature lies in S3 under the default key, readable for everybody who may read the bucket.',
  remedy: 'Set OfflineStoreConfig.S3StorageConfig.KmsKeyId.',
  example: 'offlineStoreConfig: { s3StorageConfig: { s3Uri, kmsKeyId: key.keyArn } }',
  source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/feature-store-security.html',
  types: ['AWS::SageMaker::FeatureGroup'],
  check: (group) =>
    isPresent(group.at('OfflineStoreConfig')) === 'NO'
      ? undefined
      : group.requirePresent('OfflineStoreConfig.S3StorageConfig.KmsKeyId', 'the offline store is written without a key of your own'),
};
