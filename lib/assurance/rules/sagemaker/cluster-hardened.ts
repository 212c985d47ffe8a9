import { any, isPresent } from '../answer';
import { judged } from '../judgement';
import { placesAt } from '../places';
import type { Rule } from '../rule';

/** `AISec-SM38`. */
export const clusterHardened: Rule = {
  id: 'AISec-SM38',
  name: 'ClusterHardened',
  title: 'A training cluster runs in a VPC, with volumes under a key of your own',
  severity: 'HIGH',
  controls: ['ML3', 'DP2b'],
  threats: ['AML.CS0023', 'AML.T0025'],
  why: 'An open cluster with its schedulers is found within days and mines or copies the models on it.',
  remedy: 'Set VpcConfig, and VolumeKmsKeyId in the storage of every instance group.',
  example:
    'instanceGroups: [{ instanceStorageConfigs: [{ ebsVolumeConfig: { volumeKmsKeyId: key.keyArn, volumeSizeInGb: 500 ' +
    '} }], ... }], vpcConfig',
  source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-hyperpod-prerequisites.html',
  types: ['AWS::SageMaker::Cluster'],
  check: (cluster) => [
    cluster.requireItems('VpcConfig.Subnets', 1, 'the cluster runs outside of your VPC'),
    ...['InstanceGroups', 'RestrictedInstanceGroups'].flatMap((list) =>
      cluster.forEach(list, ({ path, value }) => {
        const keys = placesAt(value, 'InstanceStorageConfigs.*.EbsVolumeConfig.VolumeKmsKeyId').map((place) => isPresent(place.value));
        return judged(any(keys), 'the volumes of the instances are under a key of AWS', `${path}.InstanceStorageConfigs`);
      }),
    ),
  ],
};
