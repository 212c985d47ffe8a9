import { describe, expect, test } from 'vitest';
import type { LaunchSettings } from '../../../lib/training/launch.contract';
import { prepareJob } from '../../../lib/training/launch/prepare-job';
import { toTrainingRequest } from '../../../lib/training/launch/training-request';

const digest = `sha256:${'a'.repeat(64)}`;
const settings: LaunchSettings = {
  prefix: 'training-0a1b2c3d',
  volumeKeyArn: 'arn:aws:kms:eu-central-1:111111111111:key/v',
  output: 's3://quarantine/training/training-0a1b2c3d',
  jobs: {
    fraud: {
      roleArn: 'arn:aws:iam::111111111111:role/secure-ai/training/fraud',
      repositories: ['host/train', 'host/other'],
      channels: [{ name: 'train', uri: 's3://data/fraud/' }],
      instances: { 'ml.m5.xlarge': 'EBS', 'ml.g5.xlarge': 'NVME' },
      maxInstances: 2, maxVolumeGib: 100, maxRuntimeSeconds: 7200,
    },
  },
};
const prepare = (changes: object = {}) =>
  prepareJob(toTrainingRequest({ job: 'fraud', run: 'r1', image: `host/train@${digest}`, instanceType: 'ml.m5.xlarge', ...changes }), settings);

test('a job gets its own role, data and place, and the limit of its job', () => {
  expect(prepare()).toEqual({
    name: 'training-0a1b2c3d-fraud--r1',
    roleArn: settings.jobs.fraud.roleArn,
    image: `host/train@${digest}`,
    channels: [{
      ChannelName: 'train', InputMode: 'File',
      DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3DataDistributionType: 'FullyReplicated', S3Uri: 's3://data/fraud/' } },
    }],
    outputPath: 's3://quarantine/training/training-0a1b2c3d/fraud',
    resources: { InstanceType: 'ml.m5.xlarge', InstanceCount: 1, VolumeSizeInGB: 30, VolumeKmsKeyId: settings.volumeKeyArn },
    maxRuntimeSeconds: 7200,
    timeoutSeconds: 7200 + 14400,
    hyperparameters: {},
  });
});

test('an instance with local disks gets no volume key, which SageMaker would refuse', () => {
  expect(prepare({ instanceType: 'ml.g5.xlarge' }).resources).not.toHaveProperty('VolumeKmsKeyId');
});

test('the longest name is one that SageMaker takes', () => {
  const name = `${'a'.repeat(12)}-${'0'.repeat(8)}-${'a'.repeat(20)}-${'a'.repeat(16)}`;
  expect(name.length).toBeLessThanOrEqual(63);
});

describe('what the job may not do is refused', () => {
  test.each([
    ['a job that is not there', { job: 'other' }, 'UNKNOWN_JOB', "no job 'other', it has fraud"],
    ['a job that every object has', { job: 'constructor' }, 'UNKNOWN_JOB', "no job 'constructor'"],
    ['an image of another repository', { image: `host/evil@${digest}` }, 'IMAGE_NOT_ALLOWED', 'takes images of host/train, host/other'],
    ['an image whose repository begins like an allowed one', { image: `host/train-evil@${digest}` }, 'IMAGE_NOT_ALLOWED', 'host/train-evil'],
    ['an image inside an allowed name', { image: `host/train/x@${digest}` }, 'IMAGE_NOT_ALLOWED', 'host/train/x'],
    ['another instance type', { instanceType: 'ml.p5.48xlarge' }, 'INSTANCES_NOT_ALLOWED', "not on 'ml.p5.48xlarge'"],
    ['too many instances', { instanceCount: 3 }, 'INSTANCES_NOT_ALLOWED', '2 instances at most, got 3'],
    ['a larger volume', { volumeGib: 101 }, 'LIMIT_EXCEEDED', 'volumeGib is 101'],
    ['a longer run', { maxRuntimeSeconds: 7201 }, 'LIMIT_EXCEEDED', 'maxRuntimeSeconds is 7201'],
  ])('%s', (_, changes, code, message) => {
    expect(() => prepare(changes)).toThrow(expect.objectContaining({ code, message: expect.stringContaining(message) }));
  });

  test('an environment without jobs says so', () => {
    expect(() => prepareJob(toTrainingRequest({ job: 'fraud', run: 'r', image: `host/train@${digest}`, instanceType: 'ml.m5.xlarge' }), { ...settings, jobs: {} }))
      .toThrow("the environment has no job 'fraud', it has none");
  });
});
