import { describe, expect, test } from 'vitest';
import type { LaunchEvent } from '../../lib/training/launch.contract';
import { REFUSALS } from '../../lib/training/launch.contract';
import { prepareJob } from '../../lib/training/launch/prepare-job';
import { toTrainingRequest } from '../../lib/training/launch/training-request';
import { TrainingRequestError } from '../../lib/training/launch/training-request-error';
import { answeredBy, runStateMachine, TaskFailure } from '../support/state-machine/run-state-machine';
import type { Execution, Service } from '../support/state-machine/run-state-machine';
import { definitionOf, environmentWith } from './environment';

const { stack, environment } = environmentWith();
const machine = definitionOf(stack);
const prefix = environment.environmentId;
const request = {
  job: 'fraud', run: 'r1', image: `111111111111.dkr.ecr.eu-central-1.amazonaws.com/fraud-training@sha256:${'a'.repeat(64)}`,
  instanceType: 'ml.m5.xlarge', hyperparameters: { epochs: '3' },
};

/** Lambda with the handler's own logic behind it. */
const reader: Service = ({ Payload }) => {
  const { request: asked, settings } = Payload as LaunchEvent;
  try {
    return { StatusCode: 200, Payload: JSON.parse(JSON.stringify(prepareJob(toTrainingRequest(asked), settings))) as unknown };
  } catch (error) {
    if (error instanceof TrainingRequestError) throw new TaskFailure(error.name, error.message);
    throw error;
  }
};

async function launch(input: unknown, train: Service = () => { throw new Error('no job was expected'); }, read = reader): Promise<Execution> {
  const execution = await runStateMachine(machine, input, { task: answeredBy({ 'lambda:invoke': read, 'sagemaker:createTrainingJob.sync': train }) });
  execution.path.forEach((state) => ran.add(state));
  return execution;
}

/** The states that ran in any test of this file. */
const ran = new Set<string>();

const failing = (error: string): Service => () => { throw new TaskFailure(error, 'a reason'); };

describe('a launch', async () => {
  const seen: Record<string, unknown>[] = [];
  const done = await launch(request, (parameters) => {
    seen.push(parameters);
    return { TrainingJobName: parameters.TrainingJobName, TrainingJobArn: 'arn', ModelArtifacts: { S3ModelArtifacts: 's3://x/model.tar.gz' }, Secret: 'of the job' };
  });

  test('ends with where the artifacts are, and with nothing else of the job', () => {
    expect(done).toEqual({
      status: 'SUCCEEDED', path: ['ReadRequest', 'Train', 'Done'], output: { job: `${prefix}-fraud--r1`, arn: 'arn', artifacts: 's3://x/model.tar.gz' },
    });
  });

  test('starts a job that is isolated, in the segment, under both keys, for a limited time, of an image by digest', () => {
    expect(seen).toEqual([{
      TrainingJobName: `${prefix}-fraud--r1`,
      RoleArn: expect.stringMatching(/^arn:aws:iam::111111111111:role\/secure-ai\/training\/training-[0-9a-f]{8}\/Stack-TrainingJobfraud/),
      AlgorithmSpecification: { TrainingImage: request.image, TrainingInputMode: 'File' },
      HyperParameters: { epochs: '3' },
      InputDataConfig: [expect.objectContaining({ ChannelName: 'train' })],
      OutputDataConfig: {
        KmsKeyId: expect.stringMatching(/^arn:aws:kms:eu-central-1:111111111111:key\//), S3OutputPath: expect.stringMatching(new RegExp(`^s3://.+/training/${prefix}/fraud$`)),
      },
      ResourceConfig: { InstanceType: 'ml.m5.xlarge', InstanceCount: 1, VolumeSizeInGB: 30, VolumeKmsKeyId: expect.stringMatching(/^arn:aws:kms:/) },
      StoppingCondition: { MaxRuntimeInSeconds: 86400 },
      EnableNetworkIsolation: true,
      EnableInterContainerTrafficEncryption: true,
      RemoteDebugConfig: { EnableRemoteDebug: false },
      VpcConfig: { Subnets: [expect.stringMatching(/^subnet-/), expect.stringMatching(/^subnet-/)], SecurityGroupIds: [expect.stringMatching(/^sg-/)] },
      Tags: [{ Key: 'secure-ai:training-environment', Value: prefix }, { Key: 'DataClassification', Value: 'confidential' }],
    }]);
  });

  test('takes isolation neither from the request nor from the function', async () => {
    const evil = { name: 'x', roleArn: 'r', image: 'i', channels: [], outputPath: 'o', resources: {}, maxRuntimeSeconds: 1, timeoutSeconds: 1, hyperparameters: {} };
    const jobs: Record<string, unknown>[] = [];
    await launch(request, (parameters) => {
      jobs.push(parameters);
      return { TrainingJobName: 'x', TrainingJobArn: 'a', ModelArtifacts: { S3ModelArtifacts: 's' } };
    }, () => ({ Payload: { ...evil, EnableNetworkIsolation: false, VpcConfig: {}, Tags: [], RemoteDebugConfig: { EnableRemoteDebug: true } } }));
    expect(jobs).toEqual([expect.objectContaining({
      EnableNetworkIsolation: true,
      EnableInterContainerTrafficEncryption: true,
      RemoteDebugConfig: { EnableRemoteDebug: false },
      VpcConfig: seen[0].VpcConfig,
      Tags: seen[0].Tags,
    })]);
  });
});

describe('every other end', () => {
  test.each<[string, object]>([
    ['INVALID_REQUEST', { ...request, run: '../r' }],
    ['UNKNOWN_JOB', { ...request, job: 'other' }],
    ['IMAGE_NOT_ALLOWED', { ...request, image: 'fraud-training:latest' }],
    ['INSTANCES_NOT_ALLOWED', { ...request, instanceType: 'ml.g5.xlarge' }],
    ['LIMIT_EXCEEDED', { ...request, maxRuntimeSeconds: 86401 }],
  ])('a request that is refused as %s starts nothing', async (code, asked) => {
    expect(await launch(asked)).toMatchObject({ status: 'FAILED', error: code, cause: expect.stringMatching(/./), path: ['ReadRequest', code] });
  });

  test.each([
    ['States.Timeout', 'TIMED_OUT'],
    ['SageMaker.ResourceLimitExceededException', 'NO_QUOTA'],
    ['SageMaker.ResourceInUseException', 'NAME_IN_USE'],
    ['States.TaskFailed', 'JOB_FAILED'],
    ['SageMaker.AmazonSageMakerException', 'JOB_FAILED'],
  ])('%s of the job ends as %s', async (error, code) => {
    expect(await launch(request, failing(error))).toMatchObject({ status: 'FAILED', error: code, cause: 'a reason', path: ['ReadRequest', 'Train', code] });
  });

  test('a fault of Lambda is tried again, and fails the launch in the end', async () => {
    let calls = 0;
    const flaky = (times: number): Service => (parameters, attempt) => {
      calls += 1;
      if (attempt <= times) throw new TaskFailure('Lambda.TooManyRequestsException', 'busy');
      return reader(parameters, attempt);
    };
    expect((await launch({ ...request, job: 'other' }, undefined, flaky(3))).error).toBe('UNKNOWN_JOB');
    expect(await launch(request, undefined, flaky(4))).toMatchObject({ error: 'LAUNCHER_FAILED', path: ['ReadRequest', 'LAUNCHER_FAILED'] });
    expect(calls).toBe(8);
  });

  test('throttling by SageMaker is tried again', async () => {
    const { status } = await launch(request, (parameters, attempt) => {
      if (attempt <= 5) throw new TaskFailure('SageMaker.ThrottlingException', 'busy');
      return { TrainingJobName: 'x', TrainingJobArn: String(parameters.RoleArn), ModelArtifacts: { S3ModelArtifacts: 's' } };
    });
    expect(status).toBe('SUCCEEDED');
  });

  test('all states of the machine have run in the tests above', () => {
    expect([...ran].sort()).toEqual(Object.keys(machine.States).sort());
    expect([...ran]).toEqual(expect.arrayContaining([...REFUSALS]));
  });
});
