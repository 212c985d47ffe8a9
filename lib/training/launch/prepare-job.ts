import type { JobSettings, LaunchSettings } from '../launch.contract';
import { jobName, WAITING_SECONDS } from '../launch.contract';
import type { TrainingRequest } from './training-request';
import { TrainingRequestError } from './training-request-error';

/** What of a training job a request decides. Isolation, network, output key and tags are no part of it: the state machine fixes them. */
export interface PreparedJob {
  readonly name: string;
  readonly roleArn: string;
  readonly image: string;
  readonly channels: readonly object[];
  readonly outputPath: string;
  readonly resources: object;
  readonly maxRuntimeSeconds: number;
  readonly timeoutSeconds: number;
  readonly hyperparameters: Readonly<Record<string, string>>;
}

/**
 * Holds a request against what the environment lets its job do.
 *
 * @throws TrainingRequestError
 */
export function prepareJob(request: TrainingRequest, settings: LaunchSettings): PreparedJob {
  const job = jobOf(request, settings);
  requireImage(request, job);
  const resources = resourcesOf(request, job, settings.volumeKeyArn);
  const maxRuntimeSeconds = request.maxRuntimeSeconds ?? job.maxRuntimeSeconds;
  limit('maxRuntimeSeconds', maxRuntimeSeconds, job.maxRuntimeSeconds);
  return {
    name: jobName(settings.prefix, request.job, request.run),
    roleArn: job.roleArn,
    image: `${request.image.repository}@${request.image.digest}`,
    channels: job.channels.map(({ name, uri }) => ({
      ChannelName: name,
      InputMode: 'File',
      DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3DataDistributionType: 'FullyReplicated', S3Uri: uri } },
    })),
    outputPath: `${settings.output}/${request.job}`,
    resources,
    maxRuntimeSeconds,
    timeoutSeconds: maxRuntimeSeconds + WAITING_SECONDS,
    hyperparameters: request.hyperparameters,
  };
}

function jobOf({ job }: TrainingRequest, { jobs }: LaunchSettings): JobSettings {
  // A name like `constructor` is in every object.
  if (!Object.hasOwn(jobs, job)) {
    throw new TrainingRequestError('UNKNOWN_JOB', `the environment has no job '${job}', it has ${Object.keys(jobs).sort().join(', ') || 'none'}`);
  }
  return jobs[job];
}

function requireImage({ image }: TrainingRequest, { repositories }: JobSettings): void {
  if (!repositories.includes(image.repository)) {
    throw new TrainingRequestError('IMAGE_NOT_ALLOWED', `the job takes images of ${repositories.join(', ')}, got one of '${image.repository}'`);
  }
}

/** Volumes get the key, but not local disks, for which SageMaker refuses one and which a module of the instance encrypts. */
function resourcesOf({ instanceType, instanceCount, volumeGib }: TrainingRequest, job: JobSettings, volumeKeyArn: string): object {
  if (!Object.hasOwn(job.instances, instanceType)) {
    throw new TrainingRequestError('INSTANCES_NOT_ALLOWED', `the job runs on ${Object.keys(job.instances).join(', ')}, not on '${instanceType}'`);
  }
  if (instanceCount > job.maxInstances) {
    throw new TrainingRequestError('INSTANCES_NOT_ALLOWED', `the job runs on ${job.maxInstances} instances at most, got ${instanceCount}`);
  }
  limit('volumeGib', volumeGib, job.maxVolumeGib);
  return {
    InstanceType: instanceType,
    InstanceCount: instanceCount,
    VolumeSizeInGB: volumeGib,
    ...(job.instances[instanceType] === 'EBS' ? { VolumeKmsKeyId: volumeKeyArn } : {}),
  };
}

function limit(name: string, value: number, highest: number): void {
  if (value > highest) throw new TrainingRequestError('LIMIT_EXCEEDED', `${name} is ${value}, the job's limit is ${highest}`);
}
