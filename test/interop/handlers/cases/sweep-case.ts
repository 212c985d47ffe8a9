import type { CreateTrainingJobCommandInput } from '@aws-sdk/client-sagemaker';
import {
  CreateHyperParameterTuningJobCommand, CreateModelCommand, CreateProcessingJobCommand, CreateTrainingJobCommand, CreateTransformJobCommand,
  DescribeTrainingJobCommand,
} from '@aws-sdk/client-sagemaker';
import { Duration } from 'aws-cdk-lib';
import { NetworkSegment } from '../../../../lib/network';
import { EncryptionKey } from '../../../../lib/core/encryption-key';
import { JobSweeper } from '../../../../lib/training/job-sweeper';
import type { JobKind } from '../../../../lib/training/sweep.contract';
import { JOB_KINDS, JOB_NAMING, SWEEP, SWEEP_ENV } from '../../../../lib/training/sweep.contract';
import type { HandlerCase, Stage } from '../handler-case';

const IMAGE = `111111111111.dkr.ecr.eu-central-1.amazonaws.com/train@sha256:${'a'.repeat(64)}`;
const UNPINNED = '111111111111.dkr.ecr.eu-central-1.amazonaws.com/train:latest';
/** moto 5.2.1 answers ListTags with an error for transform and tuning jobs that have none. */
const SOME_TAGS = [{ Key: 'team', Value: 'fraud' }];
const ROLE = 'arn:aws:iam::111111111111:role/secure-ai/fraud/training';
const FOREIGN_ROLE = 'arn:aws:iam::111111111111:role/other-team';

interface Sweep {
  readonly outcome: string;
  readonly violations: readonly string[];
  readonly finding?: string;
}

/** Jobs of each kind that got through are stopped and told of; isolated ones and those of others are left alone. */
export const SWEEP_CASE: HandlerCase = {
  contract: SWEEP,
  build: (stack) => {
    return new JobSweeper(stack, 'Sweeper', {
      environmentTag: { key: 'secure-ai:environment', value: 'fraud' },
      rolesUnder: '/secure-ai/',
      volumeKey: new EncryptionKey(stack, 'Volume', { description: 'volumes' }),
      outputKey: new EncryptionKey(stack, 'Output', { description: 'outputs' }),
      segment: new NetworkSegment(stack, 'Network'),
      maxRuntime: Duration.days(1),
    }).function;
  },
  play: async (stage) => {
    await makeJobs(stage);
    const isolated = await stage.invoke(eventOf(stage, 'training', 'isolated'));
    stage.check('an isolated job is left alone', (isolated.result as Sweep).outcome === 'isolated', isolated);
    const foreign = await stage.invoke(eventOf(stage, 'training', 'foreign'));
    stage.check('a job of another team is left alone', (foreign.result as Sweep).outcome === 'foreign', foreign);
    stage.check('nothing was stopped or told of', stage.calls.every(({ operation }) => /^(Describe|List)/.test(operation)));

    for (const kind of JOB_KINDS) {
      const first = await stage.invoke(eventOf(stage, kind, 'escaped'));
      const sweep = first.result as Sweep | undefined;
      stage.check(`a ${kind} job that got through is stopped`, sweep?.outcome === 'stopped' && sweep.violations.join() === VIOLATIONS[kind], first);
      const second = await stage.invoke(eventOf(stage, kind, 'escaped'));
      const again = second.result as Sweep | undefined;
      stage.check(`a second event of the ${kind} job changes nothing`, again?.outcome === 'stopping' && again.finding === sweep?.finding, second);
    }
    const stops = stage.calls.filter(({ operation }) => operation.startsWith('Stop'));
    stage.check('each is stopped once', stops.length === JOB_KINDS.length, stops);
    const { TrainingJobStatus } = await stage.sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: 'escaped' }));
    stage.check('the job is stopping', TrainingJobStatus === 'Stopping', TrainingJobStatus);
    await playRefusals(stage);
  },
};

/** What AWS refuses fails the function: nothing passes unseen. */
async function playRefusals(stage: Stage): Promise<void> {
  const denied = { status: 400, code: 'AccessDeniedException' };
  const unreadable = await stage.invoke(eventOf(stage, 'training', 'running'), { DescribeTrainingJob: denied });
  stage.check('a job that may not be described fails the function', unreadable.errorType === 'SweepError.JOB_NOT_READABLE', unreadable);
  const unstopped = await stage.invoke(eventOf(stage, 'training', 'running'), { StopTrainingJob: denied });
  stage.check('a job that may not be stopped fails the function', unstopped.errorType === 'SweepError.JOB_NOT_STOPPED', unstopped);
  const untold = await stage.invoke(eventOf(stage, 'training', 'running'), { PutEvents: denied });
  stage.check('a finding that nobody took fails the function', untold.errorType === 'FindingError.NOT_DELIVERED', untold);
  const unknown = await stage.invoke(eventOf(stage, 'training', 'missing'));
  stage.check('a job that is not there fails the function', unknown.errorType === 'SweepError.JOB_NOT_READABLE', unknown);
  const hostile = await stage.invoke({ source: 'aws.sagemaker', 'detail-type': 'constructor', detail: { TrainingJobName: '*' } });
  stage.check('a hostile event fails the function', hostile.errorType === 'SweepError.INVALID_EVENT', hostile);
}

const VIOLATIONS: Readonly<Record<JobKind, string>> = {
  training: 'NO_NETWORK_ISOLATION,REMOTE_DEBUG',
  processing: 'NO_TRAFFIC_ENCRYPTION',
  transform: 'IMAGE_WITHOUT_DIGEST',
  tuning: 'NO_VPC',
};

async function makeJobs({ deployed, sagemaker }: Stage): Promise<void> {
  const settings = deployed.environment;
  const vpc = { Subnets: settings[SWEEP_ENV.SUBNET_IDS].split(','), SecurityGroupIds: settings[SWEEP_ENV.SECURITY_GROUP_IDS].split(',') };
  const resources = { InstanceType: 'ml.m5.xlarge', InstanceCount: 1, VolumeSizeInGB: 10, VolumeKmsKeyId: settings[SWEEP_ENV.VOLUME_KEY_ARN] } as const;
  const output = { S3OutputPath: 's3://outputs/', KmsKeyId: settings[SWEEP_ENV.OUTPUT_KEY_ARN] };
  const training = {
    RoleArn: ROLE,
    AlgorithmSpecification: { TrainingImage: IMAGE, TrainingInputMode: 'File' },
    EnableNetworkIsolation: true,
    EnableInterContainerTrafficEncryption: true,
    VpcConfig: vpc,
    ResourceConfig: resources,
    OutputDataConfig: output,
    StoppingCondition: { MaxRuntimeInSeconds: 3600 },
  } as const;
  const train = (TrainingJobName: string, change: Partial<CreateTrainingJobCommandInput> = {}) =>
    sagemaker.send(new CreateTrainingJobCommand({ TrainingJobName, ...training, ...change }));

  await train('isolated');
  await train('escaped', { EnableNetworkIsolation: false, RemoteDebugConfig: { EnableRemoteDebug: true } });
  await train('running', { VpcConfig: undefined, Tags: [{ Key: 'secure-ai:environment', Value: 'fraud' }] });
  await train('foreign', {
    RoleArn: FOREIGN_ROLE, VpcConfig: undefined, EnableNetworkIsolation: false, ResourceConfig: { ...resources, VolumeKmsKeyId: undefined },
    OutputDataConfig: { S3OutputPath: 's3://other/' }, Tags: [{ Key: 'secure-ai:environment', Value: 'other' }],
  });
  await sagemaker.send(new CreateProcessingJobCommand({
    ProcessingJobName: 'escaped', RoleArn: training.RoleArn, AppSpecification: { ImageUri: IMAGE }, ProcessingResources: { ClusterConfig: resources },
    NetworkConfig: { EnableNetworkIsolation: true, VpcConfig: vpc }, StoppingCondition: training.StoppingCondition,
  }));
  await sagemaker.send(new CreateModelCommand({
    ModelName: 'unpinned', ExecutionRoleArn: training.RoleArn, EnableNetworkIsolation: true, VpcConfig: vpc, PrimaryContainer: { Image: UNPINNED },
  }));
  await sagemaker.send(new CreateTransformJobCommand({
    TransformJobName: 'escaped', ModelName: 'unpinned', TransformInput: { DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: 's3://in/' } } },
    TransformOutput: output, TransformResources: resources, Tags: SOME_TAGS,
  }));
  await sagemaker.send(new CreateHyperParameterTuningJobCommand({
    HyperParameterTuningJobName: 'escaped',
    HyperParameterTuningJobConfig: { Strategy: 'Random', ResourceLimits: { MaxParallelTrainingJobs: 1 } },
    TrainingJobDefinition: { ...training, VpcConfig: undefined },
    Tags: SOME_TAGS,
  }));
}

function eventOf({ deployed }: Stage, kind: JobKind, name: string): unknown {
  const { noun, path, detailType } = JOB_NAMING[kind];
  return {
    version: '0',
    source: 'aws.sagemaker',
    'detail-type': detailType,
    detail: { [`${noun}Name`]: name, [`${noun}Arn`]: `${deployed.environment[SWEEP_ENV.JOB_ARN_PREFIX]}${path}/${name}`, [`${noun}Status`]: 'InProgress' },
  };
}
