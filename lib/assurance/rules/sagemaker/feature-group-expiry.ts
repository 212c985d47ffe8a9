import { isPresent, isTrue } from '../answer';
import type { Rule } from '../rule';

/** `AISec-SM36`. */
export const featureGroupExpiry: Rule = {
  id: 'AISec-SM36',
  name: 'FeatureGroupExpiry',
  title: 'Records of an online feature store expire',
  severity: 'LOW',
  controls: ['DP6'],
  threats: ['AML.T0025'],
  why: 'Records of persons who left stay readable for every caller, for as long as the store exists.',
  remedy: 'Set OnlineStoreConfig.TtlDuration.',
  example: "onlineStoreConfig: { enableOnlineStore: true, ttlDuration: { unit: 'Days', value: 90 } }",
  source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/feature-store-time-to-live.html',
  types: ['AWS::SageMaker::FeatureGroup'],
  check: (group) =>
    isPresent(group.at('OnlineStoreConfig')) === 'NO' || isTrue(group.at('OnlineStoreConfig.EnableOnlineStore')) === 'NO'
      ? undefined
      : group.requirePresent('OnlineStoreConfig.TtlDuration.Value', 'records of the online store never expire'),
};
