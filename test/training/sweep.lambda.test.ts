import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { JobKind } from '../../lib/training/sweep.contract';
import { JOB_NAMING, SWEEP, SWEEP_ENV } from '../../lib/training/sweep.contract';
import { handler } from '../../lib/training/sweep.lambda';
import { IMAGE, OUTPUT_KEY, PREFIX, VOLUME_KEY } from './sweep/sweep-fixture';

type Input = Record<string, unknown>;

/** Calls that the handler made, as command and input. */
let calls: [string, Input][];
/** What AWS answers, by command; a function is called with the input. */
let answers: Record<string, unknown>;
let logged: unknown[];

const ROLE = 'arn:aws:iam::111111111111:role/secure-ai/fraud/training';
const SETTINGS = {
  [SWEEP_ENV.JOB_ARN_PREFIX]: PREFIX,
  [SWEEP_ENV.ROLES_UNDER]: 'arn:aws:iam::111111111111:role/secure-ai/',
  [SWEEP_ENV.OWN_MARKS]: 'volume-key,output-key,segment',
  [SWEEP_ENV.VOLUME_KEY_ARN]: VOLUME_KEY,
  [SWEEP_ENV.OUTPUT_KEY_ARN]: OUTPUT_KEY,
  [SWEEP_ENV.SUBNET_IDS]: 'subnet-1,subnet-2',
  [SWEEP_ENV.SECURITY_GROUP_IDS]: 'sg-1',
  [SWEEP_ENV.TAG_KEY]: 'secure-ai:environment',
  [SWEEP_ENV.TAG_VALUE]: 'fraud',
  [SWEEP_ENV.MAX_RUNTIME_SECONDS]: '86400',
  [SWEEP_ENV.KEYLESS_FAMILIES]: 'g5',
  [SWEEP_ENV.FINDING_BUS]: 'default',
};
const VPC = { Subnets: ['subnet-1'], SecurityGroupIds: ['sg-1'] };
const TIMES = { CreationTime: new Date(1_790_000_000_000) };
const RESOURCES = { InstanceType: 'ml.m5.xlarge', InstanceCount: 1, VolumeSizeInGB: 10, VolumeKmsKeyId: VOLUME_KEY };
const ISOLATED_TRAINING = {
  RoleArn: ROLE,
  AlgorithmSpecification: { TrainingImage: IMAGE },
  EnableNetworkIsolation: true,
  EnableInterContainerTrafficEncryption: true,
  VpcConfig: VPC,
  ResourceConfig: RESOURCES,
  OutputDataConfig: { KmsKeyId: OUTPUT_KEY },
  StoppingCondition: { MaxRuntimeInSeconds: 3600 },
};
const ISOLATED_MODEL = { ExecutionRoleArn: ROLE, EnableNetworkIsolation: true, VpcConfig: VPC, PrimaryContainer: { Image: IMAGE } };

/** What SageMaker describes of an isolated job of each kind. */
const ISOLATED: Readonly<Record<JobKind, Input>> = {
  training: ISOLATED_TRAINING,
  processing: {
    RoleArn: ROLE,
    AppSpecification: { ImageUri: IMAGE },
    NetworkConfig: { EnableNetworkIsolation: true, EnableInterContainerTrafficEncryption: true, VpcConfig: VPC },
    ProcessingResources: { ClusterConfig: RESOURCES },
    ProcessingOutputConfig: { Outputs: [], KmsKeyId: OUTPUT_KEY },
    StoppingCondition: { MaxRuntimeInSeconds: 3600 },
  },
  transform: { ModelName: 'fraud', TransformOutput: { KmsKeyId: OUTPUT_KEY }, TransformResources: RESOURCES },
  tuning: { TrainingJobDefinition: ISOLATED_TRAINING },
};

beforeEach(() => {
  calls = [];
  answers = { DescribeModel: ISOLATED_MODEL, PutEvents: { FailedEntryCount: 0, Entries: [{ EventId: 'e-1' }] } };
  for (const kind of Object.keys(ISOLATED) as JobKind[]) describeAs(kind, {});
  for (const [name, value] of Object.entries(SETTINGS)) vi.stubEnv(name, value);
  logged = [];
  vi.spyOn(console, 'log').mockImplementation((...line: unknown[]) => void logged.push(line));
  const send = ((command: { input: Input }) => {
    const name = command.constructor.name.replace(/Command$/, '');
    calls.push([name, command.input]);
    const answer = answers[name];
    if (answer instanceof Error) return Promise.reject(answer);
    return Promise.resolve(typeof answer === 'function' ? (answer as (input: Input) => unknown)(command.input) : answer ?? {});
  }) as never;
  vi.spyOn(SageMakerClient.prototype, 'send').mockImplementation(send);
  vi.spyOn(EventBridgeClient.prototype, 'send').mockImplementation(send);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const denied = Object.assign(new Error('User is not authorized'), { name: 'AccessDeniedException' });
const KINDS = Object.keys(ISOLATED) as JobKind[];

describe('the sweeper', () => {
  test.each(KINDS)('leaves an isolated %s job alone', async (kind) => {
    await expect(handler(makeEvent(kind))).resolves.toEqual({ outcome: 'isolated', violations: [] });
    expect(calls.map(([name]) => name).filter((name) => /^(Stop|Put)/.test(name))).toEqual([]);
  });

  test.each<[JobKind, Input, string]>([
    ['training', { EnableNetworkIsolation: undefined }, 'NO_NETWORK_ISOLATION'],
    ['training', { EnableInterContainerTrafficEncryption: undefined }, 'NO_TRAFFIC_ENCRYPTION'],
    ['training', { VpcConfig: undefined }, 'NO_VPC'],
    ['training', { ResourceConfig: { ...RESOURCES, VolumeKmsKeyId: undefined } }, 'NO_VOLUME_KEY'],
    ['training', { ResourceConfig: { InstanceGroups: [{ InstanceType: 'ml.g5.xlarge' }, { InstanceType: 'ml.m5.large' }] } }, 'NO_VOLUME_KEY'],
    ['training', { OutputDataConfig: {} }, 'NO_OUTPUT_KEY'],
    ['training', { StoppingCondition: undefined }, 'NO_RUNTIME_LIMIT'],
    ['training', { StoppingCondition: { MaxRuntimeInSeconds: 432_000 } }, 'RUNTIME_TOO_LONG'],
    ['training', { RemoteDebugConfig: { EnableRemoteDebug: true } }, 'REMOTE_DEBUG'],
    ['training', { AlgorithmSpecification: { TrainingImage: 'registry/train:latest' } }, 'IMAGE_WITHOUT_DIGEST'],
    ['training', { AlgorithmSpecification: { AlgorithmName: 'bought' } }, 'IMAGE_WITHOUT_DIGEST'],
    ['processing', { NetworkConfig: { EnableInterContainerTrafficEncryption: true, VpcConfig: VPC } }, 'NO_NETWORK_ISOLATION'],
    ['processing', { NetworkConfig: { EnableNetworkIsolation: true, VpcConfig: VPC } }, 'NO_TRAFFIC_ENCRYPTION'],
    ['processing', { NetworkConfig: { EnableNetworkIsolation: true, EnableInterContainerTrafficEncryption: true } }, 'NO_VPC'],
    ['processing', { ProcessingResources: { ClusterConfig: { ...RESOURCES, VolumeKmsKeyId: 'alias/other' } } }, 'FOREIGN_VOLUME_KEY'],
    ['processing', { ProcessingOutputConfig: { Outputs: [] } }, 'NO_OUTPUT_KEY'],
    ['processing', { StoppingCondition: undefined }, 'NO_RUNTIME_LIMIT'],
    ['processing', { AppSpecification: { ImageUri: 'registry/process:1' } }, 'IMAGE_WITHOUT_DIGEST'],
    ['transform', { TransformOutput: {} }, 'NO_OUTPUT_KEY'],
    ['transform', { TransformResources: { InstanceType: 'ml.m5.large' } }, 'NO_VOLUME_KEY'],
    ['tuning', { TrainingJobDefinition: { ...ISOLATED_TRAINING, EnableNetworkIsolation: false } }, 'NO_NETWORK_ISOLATION'],
    ['tuning', { TrainingJobDefinitions: [{ ...ISOLATED_TRAINING, RoleArn: 'arn:aws:iam::111111111111:role/x' }] }, 'FOREIGN_ROLE'],
    ['tuning', { TrainingJobDefinition: { ...ISOLATED_TRAINING, HyperParameterTuningResourceConfig: { VolumeKmsKeyId: 'other' } } }, 'FOREIGN_VOLUME_KEY'],
  ])('stops a %s job with %j', async (kind, change, violation) => {
    describeAs(kind, change);
    await expect(handler(makeEvent(kind))).resolves.toMatchObject({ outcome: 'stopped', violations: [violation] });
    const { noun } = JOB_NAMING[kind];
    expect(calls).toContainEqual([`Stop${noun}`, { [`${noun}Name`]: 'fraud-7' }]);
    expect(raised()).toMatchObject([{ finding_info: { types: [violation] }, resources: [{ type: `AWS::SageMaker::${noun}` }] }]);
  });

  test.each<[string, Input]>([
    ['no isolation', { ...ISOLATED_MODEL, EnableNetworkIsolation: false }],
    ['no network', { ...ISOLATED_MODEL, VpcConfig: undefined }],
    ['no container', { ...ISOLATED_MODEL, PrimaryContainer: undefined }],
    ['one container without a digest', { ...ISOLATED_MODEL, PrimaryContainer: undefined, Containers: [{ Image: IMAGE }, { ModelPackageName: 'p' }] }],
  ])('stops a transform job whose model has %s', async (_, model) => {
    answers.DescribeModel = model;
    await expect(handler(makeEvent('transform'))).resolves.toMatchObject({ outcome: 'stopped' });
  });

  test('takes the name of the event and nothing else: what the event claims of the job does not count', async () => {
    describeAs('training', { EnableNetworkIsolation: false });
    const event = makeEvent('training') as { detail: Input };
    Object.assign(event.detail, ISOLATED_TRAINING, { RoleArn: 'arn:aws:iam::111111111111:role/other', TrainingJobStatus: 'Completed' });
    await expect(handler(event)).resolves.toMatchObject({ outcome: 'stopped' });
  });

  test("leaves another team's job alone, whatever it lacks", async () => {
    describeAs('training', { RoleArn: 'arn:aws:iam::111111111111:role/other', VpcConfig: undefined, ResourceConfig: {}, OutputDataConfig: {}, EnableNetworkIsolation: false });
    await expect(handler(makeEvent('training'))).resolves.toEqual({ outcome: 'foreign', violations: [] });
    expect(calls.map(([name]) => name)).toEqual(['DescribeTrainingJob', 'ListTags']);
  });

  test('reads all pages of the tags', async () => {
    describeAs('training', { RoleArn: 'arn:aws:iam::111111111111:role/other', VpcConfig: undefined, ResourceConfig: {}, OutputDataConfig: {} });
    answers.ListTags = ({ NextToken }: Input) => NextToken ? { Tags: [{ Key: 'secure-ai:environment', Value: 'fraud' }] } : { Tags: [{ Key: 'a', Value: 'b' }], NextToken: '2' };
    await expect(handler(makeEvent('training'))).resolves.toMatchObject({ outcome: 'stopped' });
  });

  test.each(['DescribeTrainingJob', 'ListTags'])('fails when %s is denied: nothing passes unseen', async (operation) => {
    answers[operation] = denied;
    await expect(handler(makeEvent('training'))).rejects.toMatchObject({ code: 'JOB_NOT_READABLE', message: expect.stringContaining('AccessDeniedException') });
  });

  test('fails when the model of a transform job is not there', async () => {
    answers.DescribeModel = Object.assign(new Error('Could not find model'), { name: 'ValidationException' });
    await expect(handler(makeEvent('transform'))).rejects.toMatchObject({ code: 'JOB_NOT_READABLE' });
  });

  test.each([{ TrainingJobArn: undefined }, { CreationTime: undefined }])('fails for a description without %j', async (change) => {
    describeAs('training', change);
    await expect(handler(makeEvent('training'))).rejects.toMatchObject({ code: 'JOB_NOT_READABLE' });
  });

  test.each(['Stopping', 'Stopped', 'Completed', 'Failed', 'Deleting'])('does not stop a job that is %s', async (status) => {
    describeAs('training', { TrainingJobStatus: status, EnableNetworkIsolation: false });
    await handler(makeEvent('training'));
    expect(calls.map(([name]) => name)).toEqual(['DescribeTrainingJob', 'ListTags', 'PutEvents']);
  });

  test.each([undefined, 'Hibernating'])('stops a job in the state %s, which it does not know', async (status) => {
    describeAs('training', { TrainingJobStatus: status, EnableNetworkIsolation: false });
    await expect(handler(makeEvent('training'))).resolves.toMatchObject({ outcome: 'stopped' });
  });

  test('fails when the job is not stopped, and tells nevertheless', async () => {
    describeAs('training', { EnableNetworkIsolation: false });
    answers.StopTrainingJob = denied;
    await expect(handler(makeEvent('training'))).rejects.toMatchObject({ code: 'JOB_NOT_STOPPED' });
    expect(raised()).toMatchObject([{ severity_id: 5 }]);
  });

  test('fails when the bus refuses the finding', async () => {
    describeAs('training', { EnableNetworkIsolation: false });
    answers.PutEvents = { FailedEntryCount: 1, Entries: [{ ErrorCode: 'ThrottlingException' }] };
    await expect(handler(makeEvent('training'))).rejects.toMatchObject({ code: 'NOT_DELIVERED' });
  });

  test.each(Object.values(SWEEP_ENV))('does nothing without its setting %s', async (name) => {
    vi.stubEnv(name, '');
    await expect(handler(makeEvent('training'))).rejects.toThrow(`the environment variable ${name} is not set`);
    expect(calls).toEqual([]);
  });

  test('calls nothing for an event that it does not know', async () => {
    await expect(handler({ source: 'aws.sagemaker', 'detail-type': 'SageMaker Endpoint State Change', detail: {} })).rejects.toMatchObject({ code: 'INVALID_EVENT' });
    expect(calls).toEqual([]);
  });

  test('logs and tells ids only', async () => {
    describeAs('training', { EnableNetworkIsolation: false, HyperParameters: { token: 'hunter2' }, Environment: { KEY: 'hunter2' }, FailureReason: 'hunter2' });
    await handler(makeEvent('training'));
    expect(JSON.stringify([logged, raised()])).not.toContain('hunter2');
    expect(logged).toHaveLength(1);
  });

  test('makes exactly the calls that its contract declares', async () => {
    for (const kind of KINDS) {
      describeAs(kind, kind === 'tuning' ? { TrainingJobDefinition: { ...ISOLATED_TRAINING, VpcConfig: undefined } } : { StoppingCondition: {}, TransformOutput: {} });
      await handler(makeEvent(kind));
    }
    expect([...new Set(calls.map(([name]) => name))].sort()).toEqual(SWEEP.calls.map((call) => call.operation).sort());
  });
});

function raised(): unknown[] {
  return calls
    .filter(([name]) => name === 'PutEvents')
    .map(([, input]) => JSON.parse((input.Entries as { Detail: string }[])[0].Detail) as unknown);
}

function describeAs(kind: JobKind, change: Input): void {
  const { noun, path } = JOB_NAMING[kind];
  answers[`Describe${noun}`] = { ...TIMES, [`${noun}Arn`]: `${PREFIX}${path}/fraud-7`, [`${noun}Status`]: 'InProgress', ...ISOLATED[kind], ...change };
}

function makeEvent(kind: JobKind): unknown {
  const { noun, path, detailType } = JOB_NAMING[kind];
  return {
    version: '0',
    source: 'aws.sagemaker',
    'detail-type': detailType,
    detail: { [`${noun}Name`]: 'fraud-7', [`${noun}Arn`]: `${PREFIX}${path}/fraud-7`, [`${noun}Status`]: 'InProgress' },
  };
}
