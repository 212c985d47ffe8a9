import type { HandlerContract } from '../core/handler-contract';
import type { FamilyStorage } from '../core/instance-families';

/** What the launcher's construct, handler and tests agree on. The handler calls no service: it makes a request a job, or refuses it. */
export const LAUNCH: HandlerContract = { area: 'training', name: 'launch', environment: [], calls: [] };

/** The tag by which a job shows the environment that started it; the value is the environment's id. */
export const TRAINING_ENVIRONMENT_TAG = 'secure-ai:training-environment';

/** The log group of every training job of an account and region, by its fixed name. */
export const TRAINING_LOG_GROUP = '/aws/sagemaker/TrainingJobs';

/** Where a job's data comes from: every object below a prefix. */
export interface ChannelSettings {
  /** The channel's name, under which the container finds the data. */
  readonly name: string;
  /** `s3://bucket/prefix/`. */
  readonly uri: string;
}

/** What a job may be launched with. */
export interface JobSettings {
  /** The role of this job alone. */
  readonly roleArn: string;
  /** Repositories as `host/name`, without tag or digest. */
  readonly repositories: readonly string[];
  readonly channels: readonly ChannelSettings[];
  /** Instance types with how their volumes are made. */
  readonly instances: Readonly<Record<string, FamilyStorage>>;
  readonly maxInstances: number;
  readonly maxVolumeGib: number;
  readonly maxRuntimeSeconds: number;
}

/** What an environment fixes, and hands to the handler with each request. */
export interface LaunchSettings {
  /** The environment's id: names of jobs begin with it. */
  readonly prefix: string;
  readonly volumeKeyArn: string;
  /** `s3://bucket/prefix`, below which each job writes. */
  readonly output: string;
  readonly jobs: Readonly<Record<string, JobSettings>>;
}

/** What the handler is invoked with. The request is hostile until it is read. */
export interface LaunchEvent {
  readonly request: unknown;
  readonly settings: LaunchSettings;
}

/** How a launch can end besides well. Callers and alarms branch on it: it is the error of the failed execution. */
export type LaunchFailureCode =
  | TrainingRequestErrorCode
  /** SageMaker refused or ended the job. */
  | 'JOB_FAILED'
  /** The account has no quota left for the instances. */
  | 'NO_QUOTA'
  /** A job with the name exists: a run's name is used once. */
  | 'NAME_IN_USE'
  /** The job took longer than its limit and the time for getting instances. */
  | 'TIMED_OUT'
  /** The launcher itself failed. */
  | 'LAUNCHER_FAILED';

/** Why a request was refused. */
export type TrainingRequestErrorCode =
  /** The request does not have the expected shape. */
  | 'INVALID_REQUEST'
  /** The environment has no such job. */
  | 'UNKNOWN_JOB'
  /** The image is not of the job's repositories, or not named by digest. */
  | 'IMAGE_NOT_ALLOWED'
  /** The job may not use the instance type, or not as many. */
  | 'INSTANCES_NOT_ALLOWED'
  /** A time or size is above the job's limit. */
  | 'LIMIT_EXCEEDED';

/** Every code of a refused request, in the order in which the handler asks. */
export const REFUSALS: readonly TrainingRequestErrorCode[] = ['INVALID_REQUEST', 'UNKNOWN_JOB', 'IMAGE_NOT_ALLOWED', 'INSTANCES_NOT_ALLOWED', 'LIMIT_EXCEEDED'];

/** The error name under which Step Functions sees a refusal. */
export function refusalName(code: TrainingRequestErrorCode): string {
  return `TrainingRequestError.${code}`;
}

/**
 * What SageMaker calls a run of a job. Neither a job's name nor a run's holds two hyphens in a row, so no run of one job is called like
 * one of another: roles and permissions are bound to jobs by their names.
 */
export function jobName(prefix: string, job: string, run: string): string {
  return `${prefix}-${job}--${run}`;
}

/** Seconds for which a job may wait for its instances and its data, on top of its runtime. */
export const WAITING_SECONDS = 4 * 3600;
