import type { Dict, Resource, Value } from '../../template';
import { Unknown, embeddedJson, isDict, isList, listOf, textParts } from '../../template';
import type { Definition, Step } from './step';

/** A step of a SageMaker pipeline with the steps that must be over before it starts. */
export interface PipelineStep extends Step {
  readonly type: string;
  /** Names of the steps that it waits for: conditions around it, `DependsOn`, and those whose results it reads. */
  readonly waitsFor: readonly string[];
}

/** The steps of a SageMaker pipeline. */
export interface PipelineDefinition extends Definition {
  readonly steps: readonly PipelineStep[];
}

const ACTIONS: Readonly<Record<string, string>> = {
  Training: 'sagemaker:createTrainingJob',
  Processing: 'sagemaker:createProcessingJob',
  QualityCheck: 'sagemaker:createProcessingJob',
  ClarifyCheck: 'sagemaker:createProcessingJob',
  Transform: 'sagemaker:createTransformJob',
  Tuning: 'sagemaker:createHyperParameterTuningJob',
  Model: 'sagemaker:createModel',
  RegisterModel: 'sagemaker:createModelPackage',
  EndpointConfig: 'sagemaker:createEndpointConfig',
};

const BODY = 'PipelineDefinition.PipelineDefinitionBody';
const known = new WeakMap<Resource, PipelineDefinition>();

/** The steps of a pipeline, those in the branches of a condition as well. */
export function pipelineDefinition(resource: Resource): PipelineDefinition {
  let found = known.get(resource);
  if (found === undefined) {
    found = readDefinition(resource);
    known.set(resource, found);
  }
  return found;
}

function readDefinition(resource: Resource): PipelineDefinition {
  const raw = resource.at(BODY);
  if (raw === undefined) return { steps: [], unreadable: 'the pipeline definition is a file outside of the template' };
  const body = embeddedJson(raw);
  if (!isDict(body)) {
    return { steps: [], unreadable: body instanceof Unknown ? body.reason : 'the pipeline definition is not JSON before deployment' };
  }
  const steps: PipelineStep[] = [];
  collect(body.Steps, [], steps);
  return { steps };
}

function collect(list: Value | undefined, conditions: readonly string[], steps: PipelineStep[]): void {
  for (const step of listOf(list)) {
    if (!isDict(step)) continue;
    const name = String(textParts(step.Name)?.join('') ?? '?');
    const type = typeof step.Type === 'string' ? step.Type : '';
    const sent = isDict(step.Arguments) ? step.Arguments : undefined;
    const waitsFor = [...conditions, ...listOf(step.DependsOn).filter((other) => typeof other === 'string'), ...readFrom(step)];
    const action = Object.hasOwn(ACTIONS, type) ? ACTIONS[type] : '';
    steps.push({ name, type, path: `${BODY}#${name}`, action, request: atRunTime(sent ?? step.Arguments ?? null), waitsFor });
    if (type === 'Condition' && sent) [sent.IfSteps, sent.ElseSteps].forEach((branch) => collect(branch, [...conditions, name], steps));
  }
}

/** Names of the steps whose results a step reads: `{"Get": "Steps.Train.ModelArtifacts"}`. */
function readFrom(step: Dict): string[] {
  const names: string[] = [];
  const walk = (value: Value): void => {
    if (isList(value)) value.forEach(walk);
    else if (isDict(value)) {
      const name = typeof value.Get === 'string' ? /^Steps\.([^.[]+)/.exec(value.Get)?.[1] : undefined;
      if (name !== undefined) names.push(name);
      Object.values(value).forEach(walk);
    }
  };
  // The branches of a condition are steps of their own.
  if (step.Type !== 'Condition' && step.Arguments !== undefined) walk(step.Arguments);
  return names;
}

/** `{"Get": …}` and `{"Std:Join": …}` are evaluated when the pipeline runs. */
function atRunTime(value: Value): Value {
  if (isList(value)) return value.map(atRunTime);
  if (!isDict(value)) return value;
  const keys = Object.keys(value);
  if (keys.length === 1 && (keys[0] === 'Get' || keys[0].startsWith('Std:'))) {
    return new Unknown('FUNCTION', `${keys[0]} is evaluated when the pipeline runs`);
  }
  const dict = Object.create(null) as Record<string, Value>;
  for (const key of keys) dict[key] = atRunTime(value[key]);
  return dict;
}
