import { hasItems } from '../answer';
import { DEFINITION_TYPES } from '../definitions/definition';
import { requireOfJobs } from '../definitions/job';
import type { Rule } from '../rule';

/** `AISec-SM22a`. */
export const stepJobInVpc: Rule = {
  id: 'AISec-SM22a',
  name: 'StepJobInVpc',
  title: 'Jobs that pipelines and state machines start run in subnets of your own',
  severity: 'HIGH',
  controls: ['ML3', 'RT1'],
  threats: ['AML.T0025'],
  why: 'Outside of a VPC no endpoint policy bounds the buckets that the job reads and writes, and no flow log shows it.',
  remedy: 'Set VpcConfig in the request of every training, tuning and processing step.',
  example:
    "new tasks.SageMakerCreateTrainingJob(this, 'Train', { vpcConfig: { vpc, subnets: { subnetType: " +
    'ec2.SubnetType.PRIVATE_ISOLATED } }, ... });',
  source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/train-vpc.html',
  types: DEFINITION_TYPES,
  check: (subject) => requireOfJobs(subject, 'subnets', hasItems(1), 'it runs outside of your VPC'),
};
