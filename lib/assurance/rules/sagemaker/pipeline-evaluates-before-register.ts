import { answer } from '../answer';
import type { PipelineStep } from '../definitions/pipeline-definition';
import { pipelineDefinition } from '../definitions/pipeline-definition';
import { judged, undetermined } from '../judgement';
import type { Rule } from '../rule';

/** `AISec-SM23`. */
export const pipelineEvaluatesBeforeRegister: Rule = {
  id: 'AISec-SM23',
  name: 'PipelineEvaluatesBeforeRegister',
  title: 'A pipeline registers a model only after a condition or check',
  severity: 'HIGH',
  controls: ['ML4a', 'ML7'],
  threats: ['AML.T0020', 'AML.T0018'],
  why: 'Whatever comes out of training, poisoned or broken, is registered and looks like any other version.',
  remedy:
    'Put the RegisterModel step into the branch of a Condition step that reads the evaluation, or after a ' +
    'QualityCheck or ClarifyCheck.',
  example:
    '{ "Name": "Good", "Type": "Condition", "Arguments": { "Conditions": [...], "IfSteps": [{ "Name": "Register", ' +
    '"Type": "RegisterModel", ... }] } }',
  source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/build-and-manage-steps-types.html',
  types: ['AWS::SageMaker::Pipeline'],
  check: ({ resource }) => {
    const { steps, unreadable } = pipelineDefinition(resource);
    if (unreadable !== undefined) return undetermined(unreadable);
    return steps
      .filter(({ type }) => type === 'RegisterModel')
      .map((step) => judged(answer(isGuarded(step, steps, new Set())), `${step.name} registers the model whatever it is`, step.path));
  },
};

const GATES: readonly string[] = ['Condition', 'QualityCheck', 'ClarifyCheck', 'Callback'];

function isGuarded(step: PipelineStep, steps: readonly PipelineStep[], seen: Set<string>): boolean {
  if (seen.has(step.name)) return false;
  seen.add(step.name);
  return steps.some((other) => step.waitsFor.includes(other.name) && (GATES.includes(other.type) || isGuarded(other, steps, seen)));
}
