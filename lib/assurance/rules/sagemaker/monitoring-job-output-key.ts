import { isPresent } from '../answer';
import { JOB_TYPES, requireOfJobs } from '../definitions/job';
import type { Rule } from '../rule';

/** `AISec-SM20`. */
export const monitoringJobOutputKey: Rule = {
  id: 'AISec-SM20',
  name: 'MonitoringJobOutputKey',
  title: 'Reports of monitoring and processing jobs are encrypted with a key of your own',
  severity: 'HIGH',
  controls: ['DP2b'],
  threats: ['AML.T0025'],
  why: 'Reports repeat values of the records that they speak of; under the default key every reader of the bucket reads them.',
  remedy: 'Set KmsKeyId of the output configuration.',
  example: 'dataQualityJobOutputConfig: { kmsKeyId: key.keyArn, monitoringOutputs }',
  source: 'https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_MonitoringOutputConfig.html',
  types: JOB_TYPES,
  check: (subject) => requireOfJobs(subject, 'outputKey', isPresent, 'its output is written without a key of your own'),
};
