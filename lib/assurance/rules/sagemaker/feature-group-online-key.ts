import { isPresent, isTrue } from '../answer';
import type { Rule } from '../rule';

/** `AISec-SM34`. */
export const featureGroupOnlineKey: Rule = {
  id: 'AISec-SM34',
  name: 'FeatureGroupOnlineKey',
  title: 'The online store of a feature group is encrypted with a key of your own',
  severity: 'HIGH',
  controls: ['DP2b'],
  threats: ['AML.T0025'],
  why: 'Features of persons lie under a key of AWS: no key policy decides who reads them.',
  remedy: 'Set OnlineStoreConfig.SecurityConfig.KmsKeyId.',
  example:
    "new sagemaker.CfnFeatureGroup(this, 'Features', { onlineStoreConfig: { enableOnlineStore: true, securityConfig: " +
    '{ kmsKeyId: key.keyArn } }, ... });',
  source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/feature-store-security.html',
  types: ['AWS::SageMaker::FeatureGroup'],
  check: (group) =>
    isPresent(group.at('OnlineStoreConfig')) === 'NO' || isTrue(group.at('OnlineStoreConfig.EnableOnlineStore')) === 'NO'
      ? undefined
      : group.requirePresent('OnlineStoreConfig.SecurityConfig.KmsKeyId', 'the online store is under a key of AWS'),
};
