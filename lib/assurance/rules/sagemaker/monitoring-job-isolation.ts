import { hasItems, isTrue } from '../answer';
import { JOB_TYPES, requireOfJobs } from '../definitions/job';
import type { Rule } from '../rule';

/** `AISec-SM18`. */
export const monitoringJobIsolation: Rule = {
  id: 'AISec-SM18',
  name: 'MonitoringJobIsolation',
  title: 'Monitoring and processing jobs are isolated and in a VPC',
  severity: 'HIGH',
  controls: ['ML3'],
  threats: ['AML.T0025'],
  why: 'The container of the job reads captured prompts and records; with a network it can send them anywhere.',
  remedy: 'Set NetworkConfig.EnableNetworkIsolation to true and NetworkConfig.VpcConfig with your isolated subnets.',
  example:
    'networkConfig: { enableNetworkIsolation: true, enableInterContainerTrafficEncryption: true, vpcConfig: { ' +
    'subnets, securityGroupIds } }',
  source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/mkt-algo-model-internet-free.html',
  types: JOB_TYPES,
  check: (subject) => [
    ...requireOfJobs(subject, 'isolation', isTrue, 'its container may open connections'),
    ...requireOfJobs(subject, 'subnets', hasItems(1), 'it runs outside of your VPC'),
  ],
};
