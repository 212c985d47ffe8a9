import type { Resource } from '../../template';
import { pipelineDefinition } from './pipeline-definition';
import { stateMachineDefinition } from './state-machine';
import type { Definition, Step } from './step';

/** Types whose properties hold steps that call services. */
export const DEFINITION_TYPES: readonly string[] = ['AWS::SageMaker::Pipeline', 'AWS::StepFunctions::StateMachine'];

/** The definition that a SageMaker pipeline or a state machine holds; no steps for any other resource. */
export function definitionOf(resource: Resource): Definition {
  if (resource.type === 'AWS::SageMaker::Pipeline') return pipelineDefinition(resource);
  return resource.type === 'AWS::StepFunctions::StateMachine' ? stateMachineDefinition(resource) : { steps: [] };
}

/** The steps that make one of these calls, such as `bedrock:invokeModel`. */
export function stepsCalling(resource: Resource, ...actions: readonly string[]): Step[] {
  return definitionOf(resource).steps.filter((step) => actions.includes(step.action));
}
