import { RAISE_FINDING } from '../core/finding-sink';
import type { AwsCall, HandlerContract } from '../core/handler-contract';

/** Names of the environment variables of the sweeper. Lists are separated by commas. */
export const SWEEP_ENV = {
  /** All that comes before `training-job/<name>` in the ARNs of the account and region. */
  JOB_ARN_PREFIX: 'JOB_ARN_PREFIX',
  /** ARNs of roles up to the slash behind which the paths of environments begin, each the value of its tag. */
  ROLES_UNDER: 'ROLES_UNDER',
  VOLUME_KEY_ARN: 'VOLUME_KEY_ARN',
  OUTPUT_KEY_ARN: 'OUTPUT_KEY_ARN',
  /** What nobody else uses, see `OwnMark`; or `none`. */
  OWN_MARKS: 'OWN_MARKS',
  SUBNET_IDS: 'SUBNET_IDS',
  SECURITY_GROUP_IDS: 'SECURITY_GROUP_IDS',
  TAG_KEY: 'TAG_KEY',
  TAG_VALUE: 'TAG_VALUE',
  MAX_RUNTIME_SECONDS: 'MAX_RUNTIME_SECONDS',
  /** Families such as `g5`, or `none`. */
  KEYLESS_FAMILIES: 'KEYLESS_FAMILIES',
  FINDING_BUS: 'FINDING_BUS',
} as const;

/** What makes a job one of the environment, besides its roles and its tag, as long as nobody else uses it. */
export type OwnMark = 'volume-key' | 'output-key' | 'segment';

export const OWN_MARKS: readonly OwnMark[] = ['volume-key', 'output-key', 'segment'];

/** How an empty list is written: a variable without a value counts as forgotten. */
export const NONE = 'none';

/** The kinds of job that SageMaker tells of, and that it lets describe and stop. */
export type JobKind = 'training' | 'processing' | 'transform' | 'tuning';

/** How SageMaker names a kind. */
export interface JobNaming {
  /** In operations and fields: `Describe<noun>`, `<noun>Arn`. */
  readonly noun: 'TrainingJob' | 'ProcessingJob' | 'TransformJob' | 'HyperParameterTuningJob';
  /** In ARNs. */
  readonly path: string;
  /** The detail type of the event for a new state. @see https://docs.aws.amazon.com/sagemaker/latest/dg/automating-sagemaker-with-eventbridge.html */
  readonly detailType: string;
}

export const JOB_NAMING: Readonly<Record<JobKind, JobNaming>> = {
  training: { noun: 'TrainingJob', path: 'training-job', detailType: 'SageMaker Training Job State Change' },
  processing: { noun: 'ProcessingJob', path: 'processing-job', detailType: 'SageMaker Processing Job State Change' },
  transform: { noun: 'TransformJob', path: 'transform-job', detailType: 'SageMaker Transform Job State Change' },
  tuning: { noun: 'HyperParameterTuningJob', path: 'hyper-parameter-tuning-job', detailType: 'SageMaker HyperParameter Tuning Job State Change' },
};

export const JOB_KINDS = Object.keys(JOB_NAMING) as JobKind[];

/** The slot of the jobs of a kind. */
export const jobSlot = (kind: JobKind): string => `${kind}Jobs`;

/** The slot of the models with which transform jobs run. */
export const MODEL_SLOT = 'models';

/** What the sweeper's construct, handler and tests agree on. */
export const SWEEP: HandlerContract = {
  area: 'training',
  name: 'sweep',
  environment: Object.values(SWEEP_ENV),
  calls: [
    ...JOB_KINDS.flatMap((kind): AwsCall[] => ['Describe', 'Stop'].map((verb) => {
      const operation = `${verb}${JOB_NAMING[kind].noun}`;
      return { service: 'sagemaker.api', operation, permits: [{ actions: [`sagemaker:${operation}`], slot: jobSlot(kind) }] };
    })),
    {
      service: 'sagemaker.api',
      operation: 'ListTags',
      permits: JOB_KINDS.map((kind) => ({ actions: ['sagemaker:ListTags'], slot: jobSlot(kind) })),
    },
    { service: 'sagemaker.api', operation: 'DescribeModel', permits: [{ actions: ['sagemaker:DescribeModel'], slot: MODEL_SLOT }] },
    RAISE_FINDING,
  ],
};
