import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { detectionFinding } from '../../lib/core/finding';
import { FindingBus } from '../../lib/core/finding-bus';

const finding = detectionFinding({
  detector: 'training.job-isolation',
  title: 'A job ran outside of isolation',
  level: 'high',
  resource: { arn: 'arn:aws:sagemaker:eu-central-1:111111111111:training-job/a', type: 'AWS::SageMaker::TrainingJob', createdAt: 1 },
  reasons: ['NO_VPC'],
  outcome: 'blocked',
  time: 1_790_000_000_000,
  runbook: 'job-outside-of-isolation',
});

function raiseWith(answer: unknown) {
  const send = vi.spyOn(EventBridgeClient.prototype, 'send').mockImplementation((() => (answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer))) as never);
  return { send, raised: new FindingBus(new EventBridgeClient({ region: 'eu-central-1' }), 'default').raise(finding) };
}

afterEach(() => vi.restoreAllMocks());

describe('the bus of findings', () => {
  test('gets the finding as the detail of one event', async () => {
    const { send, raised } = raiseWith({ FailedEntryCount: 0, Entries: [{ EventId: 'e-1' }] });
    await raised;
    expect(send.mock.calls.map(([command]) => command.input)).toEqual([{
      Entries: [{
        EventBusName: 'default',
        Source: 'secure-ai',
        DetailType: 'Detection Finding',
        Time: new Date(1_790_000_000_000),
        Resources: ['arn:aws:sagemaker:eu-central-1:111111111111:training-job/a'],
        Detail: JSON.stringify(finding),
      }],
    }]);
  });

  test.each([
    ['refuses the call', new Error('AccessDenied'), 'was not delivered'],
    ['answers that it did not take it', { FailedEntryCount: 1, Entries: [{ ErrorCode: 'InternalFailure' }] }, 'InternalFailure'],
    ['answers nothing', {}, 'no answer for it'],
    ['counts no failure and gives no id', { FailedEntryCount: 0, Entries: [{}] }, 'no answer for it'],
    ['gives an id and does not count', { Entries: [{ EventId: 'e-1' }] }, 'no answer for it'],
  ])('that %s fails the handler', async (_, answer, message) => {
    const { raised } = raiseWith(answer);
    await expect(raised).rejects.toMatchObject({ code: 'NOT_DELIVERED', message: expect.stringContaining(message) });
  });
});
