import type { Rule } from '../rule';
import { servesServerlessOnly } from './variants';

/** `AISec-SM02`. */
export const modelInVpc: Rule = {
  id: 'AISec-SM02',
  name: 'ModelInVpc',
  title: 'A SageMaker model runs in subnets of your own, in two at least',
  severity: 'HIGH',
  controls: ['RT1'],
  threats: ['AML.T0025'],
  why:
    'Without a VPC the container talks to S3 and the world from a network of AWS: no endpoint policy, flow log or ' +
    'security group sees what leaves.',
  remedy: 'Set VpcConfig with two isolated subnets in different zones and a security group of its own.',
  example:
    "new sagemaker.CfnModel(this, 'Model', { executionRoleArn, primaryContainer, vpcConfig: { subnets: [a.subnetId, " +
    'b.subnetId], securityGroupIds } });',
  source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/host-vpc.html',
  types: ['AWS::SageMaker::Model'],
  check: (model) =>
    servesServerlessOnly(model.resource, model.app)
      ? undefined
      : model.requireItems('VpcConfig.Subnets', 2, 'the model does not run in two subnets of a VPC'),
};
