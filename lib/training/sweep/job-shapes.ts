import type {
  DescribeHyperParameterTuningJobResponse, DescribeModelOutput, DescribeProcessingJobResponse, DescribeTrainingJobResponse,
  DescribeTransformJobResponse, HyperParameterTrainingJobDefinition, ResourceConfig, VpcConfig,
} from '@aws-sdk/client-sagemaker';
import type { JobDefinition } from './job';

/** SageMaker leaves out what is off, unknown or empty: each such setting is read as the weaker one. */

export function trainingDefinition(job: DescribeTrainingJobResponse): JobDefinition {
  return {
    ...networkOf(job.VpcConfig),
    roleArn: job.RoleArn ?? '',
    images: present([job.AlgorithmSpecification?.TrainingImage]),
    networkIsolated: job.EnableNetworkIsolation === true,
    trafficEncrypted: job.EnableInterContainerTrafficEncryption === true,
    instanceTypes: instanceTypesOf(job.ResourceConfig),
    volumeKey: job.ResourceConfig?.VolumeKmsKeyId ?? '',
    outputKey: job.OutputDataConfig?.KmsKeyId ?? '',
    maxRuntime: job.StoppingCondition?.MaxRuntimeInSeconds ?? Infinity,
    remoteDebug: job.RemoteDebugConfig?.EnableRemoteDebug === true,
  };
}

export function processingDefinition(job: DescribeProcessingJobResponse): JobDefinition {
  const cluster = job.ProcessingResources?.ClusterConfig;
  return {
    ...networkOf(job.NetworkConfig?.VpcConfig),
    roleArn: job.RoleArn ?? '',
    images: present([job.AppSpecification?.ImageUri]),
    networkIsolated: job.NetworkConfig?.EnableNetworkIsolation === true,
    trafficEncrypted: job.NetworkConfig?.EnableInterContainerTrafficEncryption === true,
    instanceTypes: present([cluster?.InstanceType, ...(cluster?.InstancePreferences ?? []).map((one) => one.InstanceType)]),
    volumeKey: cluster?.VolumeKmsKeyId ?? '',
    // Without outputs there is nothing to encrypt.
    outputKey: job.ProcessingOutputConfig ? job.ProcessingOutputConfig.KmsKeyId ?? '' : undefined,
    maxRuntime: job.StoppingCondition?.MaxRuntimeInSeconds ?? Infinity,
    remoteDebug: undefined,
  };
}

/** A transform job has no network, role or image of its own: it runs as its model does. */
export function transformDefinition(job: DescribeTransformJobResponse, model: DescribeModelOutput): JobDefinition {
  const containers = model.Containers ?? (model.PrimaryContainer ? [model.PrimaryContainer] : []);
  return {
    ...networkOf(model.VpcConfig),
    roleArn: model.ExecutionRoleArn ?? '',
    images: containers.map((container) => container.Image ?? ''),
    networkIsolated: model.EnableNetworkIsolation === true,
    trafficEncrypted: undefined,
    instanceTypes: present([job.TransformResources?.InstanceType]),
    volumeKey: job.TransformResources?.VolumeKmsKeyId ?? '',
    outputKey: job.TransformOutput?.KmsKeyId ?? '',
    maxRuntime: undefined,
    remoteDebug: undefined,
  };
}

export function tuningDefinitions(job: DescribeHyperParameterTuningJobResponse): JobDefinition[] {
  const definitions = [...(job.TrainingJobDefinition ? [job.TrainingJobDefinition] : []), ...(job.TrainingJobDefinitions ?? [])];
  return definitions.map(tuningDefinition);
}

function tuningDefinition(definition: HyperParameterTrainingJobDefinition): JobDefinition {
  const { HyperParameterTuningResourceConfig: tuning, ResourceConfig: resources } = definition;
  return {
    ...networkOf(definition.VpcConfig),
    roleArn: definition.RoleArn ?? '',
    images: present([definition.AlgorithmSpecification?.TrainingImage]),
    networkIsolated: definition.EnableNetworkIsolation === true,
    trafficEncrypted: definition.EnableInterContainerTrafficEncryption === true,
    instanceTypes: [
      ...instanceTypesOf(resources),
      ...present([tuning?.InstanceType, ...(tuning?.InstanceConfigs ?? []).map((one) => one.InstanceType)]),
    ],
    volumeKey: tuning?.VolumeKmsKeyId ?? resources?.VolumeKmsKeyId ?? '',
    outputKey: definition.OutputDataConfig?.KmsKeyId ?? '',
    maxRuntime: definition.StoppingCondition?.MaxRuntimeInSeconds ?? Infinity,
    // A tuning job cannot ask for it, and its training jobs are judged one by one.
    remoteDebug: undefined,
  };
}

function networkOf(vpc: VpcConfig | undefined): Pick<JobDefinition, 'subnets' | 'securityGroups'> {
  return { subnets: vpc?.Subnets ?? [], securityGroups: vpc?.SecurityGroupIds ?? [] };
}

function instanceTypesOf(resources: ResourceConfig | undefined): string[] {
  const groups = (resources?.InstanceGroups ?? []).map((group) => group.InstanceType);
  const preferences = (resources?.InstancePreferences ?? []).map((preference) => preference.InstanceType);
  return present([resources?.InstanceType, resources?.SelectedInstanceType, ...groups, ...preferences]);
}

function present(values: readonly (string | undefined)[]): string[] {
  return values.filter((value): value is string => value !== undefined);
}
