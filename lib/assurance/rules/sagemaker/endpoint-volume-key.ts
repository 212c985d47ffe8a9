import { any, isPresent } from '../answer';
import { judged } from '../judgement';
import { placesAt } from '../places';
import type { Rule } from '../rule';
import { volumeIsEncrypted } from './local-storage';
import { isServerlessOnly } from './variants';

/** `AISec-SM07`. */
export const endpointVolumeKey: Rule = {
  id: 'AISec-SM07',
  name: 'EndpointVolumeKey',
  title: 'The disk of an endpoint is encrypted with a key of your own',
  severity: 'HIGH',
  controls: ['DP2b', 'MI3'],
  threats: ['AML.T0048.004'],
  why: 'The volume holds the weights and what requests leave behind; under a key of AWS no key policy decides who reads a copy of it.',
  remedy: 'Set KmsKeyId. Leave it out only for instance types with local NVMe storage, which refuse it and encrypt in hardware.',
  example: "new sagemaker.CfnEndpointConfig(this, 'Config', { kmsKeyId: key.keyArn, productionVariants });",
  source: 'https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html',
  types: ['AWS::SageMaker::EndpointConfig'],
  check: ({ resource }) => {
    if (isServerlessOnly(resource)) return undefined;
    const types = ['ProductionVariants.*.InstanceType', 'ProductionVariants.*.InstancePools.*.InstanceType'].flatMap((place) =>
      placesAt(resource.properties, place),
    );
    const key = resource.at('KmsKeyId');
    const answers = types.length === 0 ? [isPresent(key)] : types.map(({ value }) => volumeIsEncrypted(key, value));
    // One variant with local storage makes SageMaker refuse the key for all.
    return judged(any(answers), 'the volumes of the endpoint are under a key of AWS: KmsKeyId is not set', 'KmsKeyId');
  },
};
