import { isTrue } from '../answer';
import { DEFINITION_TYPES } from '../definitions/definition';
import { requireOfJobs } from '../definitions/job';
import type { Rule } from '../rule';

/** `AISec-SM22b`. */
export const stepJobTraffic: Rule = {
  id: 'AISec-SM22b',
  name: 'StepJobTraffic',
  title: 'Jobs that pipelines and state machines start encrypt the traffic between their containers',
  severity: 'HIGH',
  controls: ['DP2a', 'ML3'],
  threats: ['AML.T0040'],
  why: 'Gradients and records travel in the clear between the instances of distributed training; gradients give training data away.',
  remedy: 'Set EnableInterContainerTrafficEncryption to true in the request.',
  example: '"Parameters": { "EnableInterContainerTrafficEncryption": true, "EnableNetworkIsolation": true, ... }',
  source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/train-encrypt.html',
  types: DEFINITION_TYPES,
  check: (subject) => requireOfJobs(subject, 'trafficEncryption', isTrue, 'traffic between its containers is not encrypted'),
};
