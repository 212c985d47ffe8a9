import { isAtMost } from '../answer';
import { DEFINITION_TYPES } from '../definitions/definition';
import { requireOfJobs } from '../definitions/job';
import type { Rule } from '../rule';

/** `AISec-SM22e`. */
export const stepJobRuntime: Rule = {
  id: 'AISec-SM22e',
  name: 'StepJobRuntime',
  title: 'Jobs that pipelines and state machines start end within five days',
  severity: 'LOW',
  controls: ['ML8'],
  threats: ['AML.T0034'],
  why: 'A job without an end, hung or taken over for mining, runs on the bill of the account for up to a month.',
  remedy: 'Set StoppingCondition.MaxRuntimeInSeconds to what the job needs: at most 432000.',
  example: "new tasks.SageMakerCreateTrainingJob(this, 'Train', { stoppingCondition: { maxRuntime: Duration.hours(6) }, ... });",
  source: 'https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_StoppingCondition.html',
  types: DEFINITION_TYPES,
  check: (subject) => requireOfJobs(subject, 'runtime', isAtMost(432000), 'it may run for more than five days'),
};
