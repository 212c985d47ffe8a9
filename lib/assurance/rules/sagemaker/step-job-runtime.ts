import type { PolicyStatement } from '../../template';
import { joinParts } from '../../template';
import type { Answer } from '../answer';
import { all, any, isAtMost } from '../answer';
import { DEFINITION_TYPES } from '../definitions/definition';
import { requireOfJobs } from '../definitions/job';
import { RunTimeChoice, heldByRole } from '../definitions/run-time-choice';
import type { Rule } from '../rule';
import { testsOn } from '../statement-match';

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
  check: (subject) =>
    requireOfJobs(
      subject,
      'runtime',
      (runtime, job) =>
        runtime instanceof RunTimeChoice && job.action !== undefined
          ? heldByRole(subject, job.action, demandsShortRuntime)
          : isAtMost(LIMIT)(runtime),
      'it may run for more than five days',
    ),
};

/** Seconds. */
const LIMIT = 432000;

/** Whether an Allow holds only for jobs that end in time. */
function demandsShortRuntime(statement: PolicyStatement): Answer {
  const tests = testsOn(statement, 'sagemaker:MaxRuntimeInSeconds').filter(
    ({ operator, ifExists, quantifier }) => /^NumericLessThan(Equals)?$/.test(operator) && !ifExists && quantifier !== 'ForAllValues',
  );
  return any(tests.map(({ values }) => all(values.map(({ parts }) => isAtMost(LIMIT)(joinParts(parts))))));
}
