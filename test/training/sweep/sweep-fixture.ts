import type { DetectionFinding } from '../../../lib/core/finding';
import type { FindingSink } from '../../../lib/core/finding-sink';
import type { Job, JobDefinition, JobReference, SweptEnvironment } from '../../../lib/training/sweep/job';
import type { JobControl } from '../../../lib/training/sweep/sweep-job';

export const PREFIX = 'arn:aws:sagemaker:eu-central-1:111111111111:';
export const IMAGE = `111111111111.dkr.ecr.eu-central-1.amazonaws.com/train@sha256:${'a'.repeat(64)}`;
export const ROLE = 'arn:aws:iam::111111111111:role/secure-ai/fraud/job-7';
export const VOLUME_KEY = 'arn:aws:kms:eu-central-1:111111111111:key/0a0a0a0a-0000-4000-8000-000000000001';
export const OUTPUT_KEY = 'arn:aws:kms:eu-central-1:111111111111:key/0a0a0a0a-0000-4000-8000-000000000002';

export const ENVIRONMENT: SweptEnvironment = {
  rolesUnder: 'arn:aws:iam::111111111111:role/secure-ai/',
  ownMarks: new Set(['volume-key', 'output-key', 'segment']),
  volumeKeyArn: VOLUME_KEY,
  outputKeyArn: OUTPUT_KEY,
  subnets: new Set(['subnet-1', 'subnet-2']),
  securityGroups: new Set(['sg-1']),
  tag: { key: 'secure-ai:environment', value: 'fraud' },
  maxRuntime: 86_400,
  keylessFamilies: new Set(['g5', 'p4d']),
};

/** As the environment's own launcher makes it. */
export const ISOLATED: JobDefinition = {
  roleArn: ROLE,
  images: [IMAGE],
  networkIsolated: true,
  trafficEncrypted: true,
  subnets: ['subnet-1'],
  securityGroups: ['sg-1'],
  instanceTypes: ['ml.m5.xlarge'],
  volumeKey: VOLUME_KEY,
  outputKey: OUTPUT_KEY,
  maxRuntime: 3600,
  remoteDebug: false,
};

/** Of another team of the account: nothing of it is the environment's. */
export const FOREIGN: JobDefinition = {
  ...ISOLATED,
  roleArn: 'arn:aws:iam::111111111111:role/other-team',
  networkIsolated: false,
  trafficEncrypted: false,
  subnets: ['subnet-9'],
  securityGroups: ['sg-9'],
  volumeKey: 'arn:aws:kms:eu-central-1:111111111111:key/99999999-0000-4000-8000-000000000009',
  outputKey: '',
};

export function jobOf(definition: Partial<JobDefinition> | readonly JobDefinition[] = {}, job: Partial<Job> = {}): Job {
  const definitions = Array.isArray(definition) ? definition as readonly JobDefinition[] : [{ ...ISOLATED, ...definition }];
  return { kind: 'training', name: 'fraud-7', arn: `${PREFIX}training-job/fraud-7`, createdAt: 1_790_000_000_000, state: 'running', tags: new Map(), definitions, ...job };
}

/** A SageMaker with one job, and a sink that takes everything, unless told otherwise. */
export class Account implements JobControl, FindingSink {
  public readonly stops: JobReference[] = [];
  public readonly findings: DetectionFinding[] = [];
  public describeError?: Error;
  public stopError?: Error;
  public raiseError?: Error;
  /** What happens between the description and the stop. */
  public meanwhile?: Job['state'];

  constructor(public job: Job) {}

  public async describe(): Promise<Job> {
    if (this.describeError) throw this.describeError;
    return this.job;
  }

  public async stop(job: JobReference): Promise<void> {
    this.stops.push(job);
    if (this.meanwhile) this.job = { ...this.job, state: this.meanwhile };
    if (this.stopError) throw this.stopError;
    this.job = { ...this.job, state: 'stopping' };
  }

  public async raise(finding: DetectionFinding): Promise<void> {
    if (this.raiseError) throw this.raiseError;
    this.findings.push(finding);
  }
}
