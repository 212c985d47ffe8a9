import { isTrue } from '../answer';
import { DEFINITION_TYPES, definitionOf } from '../definitions/definition';
import { requireOfJobs } from '../definitions/job';
import { mayCall } from '../definitions/may-call';
import { undetermined } from '../judgement';
import type { Rule } from '../rule';

/** `AISec-SM22`. */
export const stepJobIsolation: Rule = {
  id: 'AISec-SM22',
  name: 'StepJobIsolation',
  title: 'Jobs that pipelines and state machines start have no network of their own',
  severity: 'CRITICAL',
  controls: ['ML3', 'RT1'],
  threats: ['AML.T0025', 'AML.CS0028'],
  why: 'Training code and its packages see the whole data set; with a network they can send it, and the weights, anywhere.',
  remedy: 'Set EnableNetworkIsolation to true in the request of every training, tuning and processing step.',
  example: "new tasks.SageMakerCreateTrainingJob(this, 'Train', { enableNetworkIsolation: true, vpcConfig: { vpc }, ... });",
  source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/mkt-algo-model-internet-free.html',
  types: DEFINITION_TYPES,
  check: (subject) => {
    const { unreadable } = definitionOf(subject.resource);
    if (unreadable === undefined) return requireOfJobs(subject, 'isolation', isTrue, 'its container may open connections');
    return subject.resource.type === 'AWS::SageMaker::Pipeline' || mayCall(subject, STARTS)
      ? undetermined(`no rule can look into the jobs: ${unreadable}`)
      : undefined;
  },
};

const STARTS: readonly string[] = [
  'sagemaker:CreateTrainingJob',
  'sagemaker:CreateProcessingJob',
  'sagemaker:CreateHyperParameterTuningJob',
  'sagemaker:CreateTransformJob',
];
