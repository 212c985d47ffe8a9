import { valueAt } from '../../template';
import { placesAt } from '../places';
import type { Rule } from '../rule';
import { isServerlessOnly } from './variants';

/** `AISec-SM16`. */
export const inferenceComponentIsolation: Rule = {
  id: 'AISec-SM16',
  name: 'InferenceComponentIsolation',
  title: 'Endpoints of inference components are isolated and in a VPC',
  severity: 'HIGH',
  controls: ['RT1'],
  threats: ['AML.T0025', 'AML.CS0031'],
  why: 'With inference components the network belongs to the endpoint configuration: an isolated model put there is isolated no more.',
  remedy: 'Set EnableNetworkIsolation to true and VpcConfig on the endpoint configuration whose variants name no model.',
  example:
    "new sagemaker.CfnEndpointConfig(this, 'Config', { enableNetworkIsolation: true, vpcConfig, executionRoleArn, " +
    'productionVariants });',
  source: 'https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html',
  types: ['AWS::SageMaker::EndpointConfig'],
  check: (config) => {
    const variants = placesAt(config.resource.properties, 'ProductionVariants.*');
    if (isServerlessOnly(config.resource) || variants.every(({ value }) => valueAt(value, ['ModelName']) !== undefined)) return undefined;
    return [
      config.requireTrue('EnableNetworkIsolation', 'the containers of inference components may open connections'),
      config.requireItems('VpcConfig.Subnets', 1, 'the inference components run outside of your VPC'),
    ];
  },
};
