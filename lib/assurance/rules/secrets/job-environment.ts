import { DEFINITION_TYPES } from '../definitions/definition';
import { JOB_TYPES, jobFact, jobsOf } from '../definitions/job';
import type { Rule } from '../rule';
import { judgeMap } from './literal-secrets';

/** `AISec-SE03`. */
export const jobEnvironment: Rule = {
  id: 'AISec-SE03',
  name: 'JobEnvironment',
  title: 'No secret stands in the environment or hyperparameters of a job',
  severity: 'HIGH',
  controls: ['AA5', 'RT4'],
  threats: ['AML.T0055', 'AML.T0083'],
  why: 'Environment and hyperparameters are shown by the Describe calls, logged at the start of training and kept with the model for ever.',
  remedy: 'Read the secret at run time, from Secrets Manager, with the role of the job.',
  example: "new tasks.SageMakerCreateTrainingJob(this, 'Train', { environment: { WANDB_SECRET: secret.secretName }, ... });",
  source: 'https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTrainingJob.html',
  types: [...JOB_TYPES, ...DEFINITION_TYPES],
  check: ({ resource }) =>
    jobsOf(resource).flatMap((job) => [
      ...judgeMap(jobFact(job, 'environment'), `${job.path}.${job.shape.environment}`),
      ...judgeMap(jobFact(job, 'parameters'), `${job.path}.${job.shape.parameters}`),
    ]),
};
