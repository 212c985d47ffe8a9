import type { Rule } from '../rule';
import { servesServerlessOnly } from './variants';

/** `AISec-SM01`. */
export const modelNetworkIsolation: Rule = {
  id: 'AISec-SM01',
  name: 'ModelNetworkIsolation',
  title: 'The container of a SageMaker model has no network of its own',
  severity: 'CRITICAL',
  controls: ['RT1', 'RT3'],
  threats: ['AML.T0025', 'AML.CS0031'],
  why: 'A model file or image with hidden code opens a connection from inside the endpoint and sends out weights and requests.',
  remedy: 'Set EnableNetworkIsolation to true; the platform then fetches the artifacts and the container has no network.',
  example: "new sagemaker.CfnModel(this, 'Model', { enableNetworkIsolation: true, executionRoleArn, primaryContainer, vpcConfig });",
  source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/mkt-algo-model-internet-free.html',
  types: ['AWS::SageMaker::Model'],
  check: (model) =>
    // Serverless endpoints refuse isolated models.
    servesServerlessOnly(model.resource, model.app)
      ? undefined
      : model.requireTrue('EnableNetworkIsolation', 'the container may open connections: EnableNetworkIsolation is not true'),
};
