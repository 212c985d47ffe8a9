import type { Dict, Resource, TemplateModel, Value } from '../../template';
import { Unknown, embeddedJson, isDict, isList } from '../../template';
import type { NetworkNode } from '../parts';
import type { Place, Places } from './place';
import { isolatedOr, unknownPlace } from './place';

/** Where definitions of jobs stand; `apart` names a file in a bucket instead. */
const DEFINITIONS = [
  { type: 'AWS::SageMaker::Pipeline', inline: ['PipelineDefinition.PipelineDefinitionBody'], apart: 'PipelineDefinition.PipelineDefinitionS3Location' },
  { type: 'AWS::StepFunctions::StateMachine', inline: ['DefinitionString', 'Definition'], apart: 'DefinitionS3Location' },
] as const;

/** A job has one of these, whatever else it says. */
const MARKS = ['AlgorithmSpecification', 'AppSpecification'];

/** What a state machine or a pipeline fills in only when it runs. */
const FILLED_LATER = ['VpcConfig.$', 'EnableNetworkIsolation.$', 'NetworkConfig.$'];

const MAX_DEPTH = 60;

/** The training, processing and tuning jobs that pipelines and state machines start. */
export function jobNodes(model: TemplateModel, places: Places): NetworkNode[] {
  return DEFINITIONS.flatMap(({ type, inline, apart }) =>
    model.ofType(type).flatMap((resource): NetworkNode[] => {
      const definition = inline.map((p) => resource.at(p)).find((v) => v !== undefined);
      const parsed = embeddedJson(definition);
      if (parsed === undefined || parsed instanceof Unknown) {
        const where = resource.at(apart) === undefined ? 'cannot be read' : 'is not in the templates';
        return [{ id: `${resource.id}#jobs`, type: 'job', ...unknownPlace(`the definition of ${resource.id} ${where}`) }];
      }
      return jobsIn(parsed).map(({ path, job }) => ({ id: `${resource.id}#${path}`, type: 'job', ...network(resource, job, places) }));
    }),
  );
}

function jobsIn(value: Value, path: readonly string[] = []): { readonly path: string; readonly job: Dict }[] {
  if (path.length > MAX_DEPTH) return [];
  if (isList(value)) return value.flatMap((item, i) => jobsIn(item, [...path, String(isDict(item) && typeof item.Name === 'string' ? item.Name : i)]));
  if (!isDict(value)) return [];
  if (MARKS.some((mark) => Object.hasOwn(value, mark))) return [{ path: path.join('.'), job: value }];
  return Object.entries(value).flatMap(([key, item]) => jobsIn(item, [...path, key]));
}

function network(resource: Resource, job: Dict, places: Places): Place {
  const later = [job, job.NetworkConfig].flatMap((part) => (isDict(part) ? FILLED_LATER.filter((key) => Object.hasOwn(part, key)) : []));
  if (later.length > 0) return unknownPlace(`${later.join(', ')} of a job of ${resource.id} is known only when it runs`);
  // A processing job keeps it in `NetworkConfig`, a training job beside its algorithm.
  return isolatedOr(resource, job.NetworkConfig ?? job, places);
}
