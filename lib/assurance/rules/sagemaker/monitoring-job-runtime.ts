import { isAtMost } from '../answer';
import { JOB_TYPES, requireOfJobs } from '../definitions/job';
import type { Rule } from '../rule';

/** `AISec-SM21`. */
export const monitoringJobRuntime: Rule = {
  id: 'AISec-SM21',
  name: 'MonitoringJobRuntime',
  title: 'Monitoring and processing jobs end within a day',
  severity: 'LOW',
  controls: ['ML8'],
  threats: ['AML.T0034'],
  why: 'A job without an end, hung or taken over for mining, runs on the bill of the account.',
  remedy: 'Set StoppingCondition.MaxRuntimeInSeconds to at most 86400.',
  example: 'stoppingCondition: { maxRuntimeInSeconds: 3600 }',
  source: 'https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_MonitoringStoppingCondition.html',
  types: JOB_TYPES,
  check: (subject) => requireOfJobs(subject, 'runtime', isAtMost(86400), 'it may run for more than a day'),
};
