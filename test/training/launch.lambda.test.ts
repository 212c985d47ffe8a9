import { afterEach, expect, test, vi } from 'vitest';
import { handler } from '../../lib/training/launch.lambda';

afterEach(() => vi.restoreAllMocks());

const settings = {
  prefix: 'training-0a1b2c3d', volumeKeyArn: 'arn:aws:kms:eu-central-1:111111111111:key/v', output: 's3://quarantine/training',
  jobs: {
    fraud: {
      roleArn: 'arn:aws:iam::111111111111:role/r', repositories: ['host/train'], channels: [{ name: 'train', uri: 's3://data/x/' }],
      instances: { 'ml.m5.xlarge': 'EBS' as const }, maxInstances: 1, maxVolumeGib: 100, maxRuntimeSeconds: 60,
    },
  },
};
const request = { job: 'fraud', run: 'r1', image: `host/train@sha256:${'a'.repeat(64)}`, instanceType: 'ml.m5.xlarge', hyperparameters: { secret: 'payload' } };

test('the handler prepares a job, and logs its name and nothing of the request', async () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  expect((await handler({ request, settings })).name).toBe('training-0a1b2c3d-fraud--r1');
  expect(log.mock.calls).toEqual([['{"prepared":"training-0a1b2c3d-fraud--r1"}']]);
});

test('a refusal keeps its code in the name of the error, which Step Functions sees', async () => {
  await expect(handler({ request: { ...request, job: 'nothing' }, settings })).rejects.toMatchObject({ name: 'TrainingRequestError.UNKNOWN_JOB' });
});
