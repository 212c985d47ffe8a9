import { isTrue } from '../answer';
import { JOB_TYPES, requireOfJobs } from '../definitions/job';
import type { Rule } from '../rule';

/** `AISec-SM17`. */
export const monitoringJobTraffic: Rule = {
  id: 'AISec-SM17',
  name: 'MonitoringJobTraffic',
  title: 'Monitoring and processing jobs encrypt the traffic between their containers',
  severity: 'HIGH',
  controls: ['DP2a'],
  threats: ['AML.T0040'],
  why: 'Records travel in the clear between the instances of the job, for whoever is on that network.',
  remedy: 'Set NetworkConfig.EnableInterContainerTrafficEncryption to true.',
  example: 'networkConfig: { enableInterContainerTrafficEncryption: true, enableNetworkIsolation: true, vpcConfig }',
  source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/train-encrypt.html',
  types: JOB_TYPES,
  check: (subject) => requireOfJobs(subject, 'trafficEncryption', isTrue, 'traffic between its containers is not encrypted'),
};
