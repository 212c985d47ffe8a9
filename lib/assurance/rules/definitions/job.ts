import type { Resource, Value } from '../../template';
import { valueAt } from '../../template';
import type { Answer, Question } from '../answer';
import type { Judgement } from '../judgement';
import { judged } from '../judgement';
import { placesAt } from '../places';
import type { Subject } from '../subject';
import { definitionOf } from './definition';

/** Paths of what matters for security in one kind of job; what the kind does not have is absent. */
interface JobShape {
  readonly isolation?: string;
  readonly subnets?: string;
  readonly trafficEncryption?: string;
  readonly volumeKey?: string;
  readonly instanceType?: string;
  readonly outputKey?: string;
  readonly runtime?: string;
  readonly image?: string;
  readonly remoteDebug?: string;
  readonly environment?: string;
  readonly parameters?: string;
}

/** What of a job a rule asks for. */
export type JobFact = keyof JobShape;

/** A training, processing, transform or monitoring job, wherever in a template it is described. */
export interface Job {
  readonly name: string;
  readonly path: string;
  readonly shape: JobShape;
  readonly request: Value | undefined;
  /** The call that starts it, where a state machine does, such as `sagemaker:CreateTrainingJob`. */
  readonly action?: string;
}

const TRAINING: JobShape = {
  isolation: 'EnableNetworkIsolation',
  subnets: 'VpcConfig.Subnets',
  trafficEncryption: 'EnableInterContainerTrafficEncryption',
  volumeKey: 'ResourceConfig.VolumeKmsKeyId',
  instanceType: 'ResourceConfig.InstanceType',
  outputKey: 'OutputDataConfig.KmsKeyId',
  runtime: 'StoppingCondition.MaxRuntimeInSeconds',
  image: 'AlgorithmSpecification.TrainingImage',
  remoteDebug: 'RemoteDebugConfig.EnableRemoteDebug',
  environment: 'Environment',
  parameters: 'HyperParameters',
};

const TUNED: JobShape = { ...TRAINING, parameters: 'StaticHyperParameters' };

const TUNED_BY_RESOURCES: JobShape = {
  ...TUNED,
  volumeKey: 'HyperParameterTuningResourceConfig.VolumeKmsKeyId',
  instanceType: 'HyperParameterTuningResourceConfig.InstanceType',
};

const TRANSFORM: JobShape = {
  volumeKey: 'TransformResources.VolumeKmsKeyId',
  instanceType: 'TransformResources.InstanceType',
  outputKey: 'TransformOutput.KmsKeyId',
  environment: 'Environment',
};

const PROCESSING = monitoring('ProcessingResources', 'ProcessingOutputConfig', 'AppSpecification', 'Environment');

const RESOURCES: Readonly<Record<string, { readonly at: string; readonly shape: JobShape }>> = {
  'AWS::SageMaker::ProcessingJob': { at: '', shape: PROCESSING },
  'AWS::SageMaker::MonitoringSchedule': {
    at: 'MonitoringScheduleConfig.MonitoringJobDefinition',
    shape: monitoring('MonitoringResources', 'MonitoringOutputConfig', 'MonitoringAppSpecification', 'Environment'),
  },
  ...Object.fromEntries(
    ['DataQuality', 'ModelBias', 'ModelQuality', 'ModelExplainability'].map((kind) => [
      `AWS::SageMaker::${kind}JobDefinition`,
      { at: '', shape: monitoring('JobResources', `${kind}JobOutputConfig`, `${kind}AppSpecification`) },
    ]),
  ),
};

/** Types of CloudFormation that are jobs or describe them. */
export const JOB_TYPES: readonly string[] = Object.keys(RESOURCES);

/** The jobs that a resource describes: itself, or the steps of a pipeline or state machine. */
export function jobsOf(resource: Resource): readonly Job[] {
  const own = Object.hasOwn(RESOURCES, resource.type) ? RESOURCES[resource.type] : undefined;
  if (own !== undefined) {
    const request = own.at === '' ? (resource.opaque ?? resource.properties) : resource.at(own.at);
    // A schedule that names its job definition holds no job itself.
    return request === undefined ? [] : [{ name: resource.logicalId, path: own.at, shape: own.shape, request }];
  }
  return definitionOf(resource).steps.flatMap(({ name, path, action, request }): Job[] => {
    switch (action) {
      case 'sagemaker:createTrainingJob':
        return [{ name, path, shape: TRAINING, request, action: 'sagemaker:CreateTrainingJob' }];
      case 'sagemaker:createProcessingJob':
        return [{ name, path, shape: PROCESSING, request, action: 'sagemaker:CreateProcessingJob' }];
      case 'sagemaker:createTransformJob':
        return [{ name, path, shape: TRANSFORM, request, action: 'sagemaker:CreateTransformJob' }];
      case 'sagemaker:createHyperParameterTuningJob':
        return [...placesAt(request, 'TrainingJobDefinition'), ...placesAt(request, 'TrainingJobDefinitions.*')].map((place) => ({
          name,
          path: `${path}.${place.path}`,
          shape: valueAt(place.value, ['HyperParameterTuningResourceConfig']) === undefined ? TUNED : TUNED_BY_RESOURCES,
          request: place.value,
        }));
      default:
        return [];
    }
  });
}

/** What a job says about a fact; undefined when it says nothing, or when its kind has no such fact. */
export function jobFact(job: Job, fact: JobFact): Value | undefined {
  const path = job.shape[fact];
  return path === undefined ? undefined : valueAt(job.request, path.split('.'));
}

/** Puts a question about a fact to every job of the subject whose kind has it. */
export function requireOfJobs(
  subject: Subject,
  fact: JobFact,
  question: Question | ((value: Value | undefined, job: Job) => Answer),
  message: string,
): Judgement[] {
  return jobsOf(subject.resource).flatMap((job) => {
    const path = job.shape[fact];
    if (path === undefined) return [];
    const place = job.path === '' ? path : `${job.path}.${path}`;
    return [judged(question(jobFact(job, fact), job), `${job.name}: ${message}`, place)];
  });
}

function monitoring(resources: string, output: string, app: string, environment?: string): JobShape {
  return {
    isolation: 'NetworkConfig.EnableNetworkIsolation',
    subnets: 'NetworkConfig.VpcConfig.Subnets',
    trafficEncryption: 'NetworkConfig.EnableInterContainerTrafficEncryption',
    volumeKey: `${resources}.ClusterConfig.VolumeKmsKeyId`,
    instanceType: `${resources}.ClusterConfig.InstanceType`,
    outputKey: `${output}.KmsKeyId`,
    runtime: 'StoppingCondition.MaxRuntimeInSeconds',
    image: `${app}.ImageUri`,
    environment: environment ?? `${app}.Environment`,
  };
}
