import { any, isPresent } from '../answer';
import { judged } from '../judgement';
import { placesAt } from '../places';
import type { Rule } from '../rule';
import { volumeIsEncrypted } from './local-storage';

/** `AISec-SM53`. */
export const experimentKeys: Rule = {
  id: 'AISec-SM53',
  name: 'ExperimentKeys',
  title: 'A shadow test has keys of your own for its volumes and for what it captures',
  severity: 'HIGH',
  controls: ['DP2b'],
  threats: ['AML.T0024'],
  why: 'A shadow test copies live requests to another model and to S3, outside of what the endpoint protects.',
  remedy: 'Set KmsKey and DataStorageConfig.KmsKey.',
  example:
    "new sagemaker.CfnInferenceExperiment(this, 'Shadow', { kmsKey: key.keyArn, dataStorageConfig: { destination, " +
    'kmsKey: key.keyArn }, ... });',
  source: 'https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateInferenceExperiment.html',
  types: ['AWS::SageMaker::InferenceExperiment'],
  check: (experiment) => {
    const types = placesAt(experiment.resource.properties, 'ModelVariants.*.InfrastructureConfig.RealTimeInferenceConfig.InstanceType');
    const key = experiment.at('KmsKey');
    const volumes = types.length === 0 ? [isPresent(key)] : types.map(({ value }) => volumeIsEncrypted(key, value));
    const disks = judged(any(volumes), 'the volumes of the test are under a key of AWS', 'KmsKey');
    if (isPresent(experiment.at('DataStorageConfig')) === 'NO') return disks;
    return [disks, experiment.requirePresent('DataStorageConfig.KmsKey', 'captured requests are written without a key of your own')];
  },
};
