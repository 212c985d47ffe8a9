import { isPresent } from '../answer';
import { DEFINITION_TYPES } from '../definitions/definition';
import { requireOfJobs } from '../definitions/job';
import type { Rule } from '../rule';

/** `AISec-SM22d`. */
export const stepJobOutputKey: Rule = {
  id: 'AISec-SM22d',
  name: 'StepJobOutputKey',
  title: 'Outputs of jobs that pipelines and state machines start are encrypted with a key of your own',
  severity: 'HIGH',
  controls: ['DP2b', 'MI3'],
  threats: ['AML.T0048.004'],
  why: 'The weights that come out of training lie in S3 under the default key: whoever reads the bucket takes the model.',
  remedy: 'Set KmsKeyId in the output configuration of the request.',
  example: "new tasks.SageMakerCreateTrainingJob(this, 'Train', { outputDataConfig: { s3OutputLocation, encryptionKey: key }, ... });",
  source: 'https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_OutputDataConfig.html',
  types: DEFINITION_TYPES,
  check: (subject) => requireOfJobs(subject, 'outputKey', isPresent, 'its output is written without a key of your own'),
};
