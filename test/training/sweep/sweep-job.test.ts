import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FindingError } from '../../../lib/core/finding-error';
import type { Job } from '../../../lib/training/sweep/job';
import { SweepError } from '../../../lib/training/sweep/sweep-error';
import { sweepJob } from '../../../lib/training/sweep/sweep-job';
import { Account, ENVIRONMENT, FOREIGN, ISOLATED, jobOf } from './sweep-fixture';

const NOT_ISOLATED = { networkIsolated: false };
const sweep = (account: Account, now = 1_790_000_060_000) => sweepJob({ kind: 'training', name: 'fraud-7' }, ENVIRONMENT, { jobs: account, findings: account, now });

describe('a job of the environment without isolation', () => {
  test('is stopped, and told of', async () => {
    const account = new Account(jobOf(NOT_ISOLATED));
    const result = await sweep(account);
    expect(account.stops).toHaveLength(1);
    expect(account.findings).toMatchObject([{
      severity_id: 4,
      action_id: 2,
      disposition_id: 2,
      time: 1_790_000_060_000,
      finding_info: { uid: result.finding, types: ['NO_NETWORK_ISOLATION'] },
      resources: [{ uid: 'arn:aws:sagemaker:eu-central-1:111111111111:training-job/fraud-7', type: 'AWS::SageMaker::TrainingJob' }],
    }]);
    expect(result).toMatchObject({ outcome: 'stopped', violations: ['NO_NETWORK_ISOLATION'] });
  });

  test('is not stopped twice by a second delivery, and the finding is the same', async () => {
    const account = new Account(jobOf(NOT_ISOLATED));
    const first = await sweep(account);
    const second = await sweep(account, 1_790_000_990_000);
    expect(account.stops).toHaveLength(1);
    expect(second).toMatchObject({ outcome: 'stopping', finding: first.finding });
    expect(new Set(account.findings.map((finding) => finding.finding_info.uid)).size).toBe(1);
  });

  test.each([['stopping', 2], ['ended', 3]] as const)('that is %s is told of and not stopped', async (state, action) => {
    const account = new Account(jobOf(NOT_ISOLATED, { state }));
    await expect(sweep(account)).resolves.toMatchObject({ outcome: state });
    expect(account.stops).toEqual([]);
    expect(account.findings).toMatchObject([{ action_id: action }]);
  });

  test.each(['stopping', 'ended'] as const)('that is %s before the stop arrives is no failure', async (meanwhile) => {
    const account = new Account(jobOf(NOT_ISOLATED));
    Object.assign(account, { meanwhile, stopError: new Error('ValidationException') });
    await expect(sweep(account)).resolves.toMatchObject({ outcome: meanwhile });
    expect(account.findings).toHaveLength(1);
  });

  test('that cannot be stopped fails the handler, after it was told of as critical', async () => {
    const account = new Account(jobOf(NOT_ISOLATED));
    account.stopError = new Error('AccessDeniedException');
    await expect(sweep(account)).rejects.toMatchObject({ code: 'JOB_NOT_STOPPED', cause: account.stopError });
    expect(account.findings).toMatchObject([{ severity_id: 5, action_id: 3, disposition_id: 27 }]);
  });

  test('that is stopped while nobody can be told fails the handler; the next delivery tells', async () => {
    const account = new Account(jobOf(NOT_ISOLATED));
    account.raiseError = new FindingError('NOT_DELIVERED', 'no bus');
    await expect(sweep(account)).rejects.toBe(account.raiseError);
    expect(account.stops).toHaveLength(1);
    account.raiseError = undefined;
    await expect(sweep(account)).resolves.toMatchObject({ outcome: 'stopping' });
    expect(account.stops).toHaveLength(1);
    expect(account.findings).toHaveLength(1);
  });

  test('that can neither be stopped nor told of keeps both causes', async () => {
    const account = new Account(jobOf(NOT_ISOLATED));
    account.stopError = new Error('AccessDeniedException');
    account.raiseError = new FindingError('NOT_DELIVERED', 'no bus');
    const error = await sweep(account).catch((thrown: unknown) => thrown as SweepError);
    expect(error).toMatchObject({ code: 'JOB_NOT_STOPPED', cause: { errors: [account.stopError, account.raiseError] } });
  });
});

describe('what is left alone', () => {
  test.each<[string, Job, string]>([
    ["another team's job, however it runs", jobOf([FOREIGN]), 'foreign'],
    ['an isolated job', jobOf([ISOLATED]), 'isolated'],
  ])('%s', async (_, job, outcome) => {
    const account = new Account(job);
    await expect(sweep(account)).resolves.toEqual({ outcome, violations: [] });
    expect([account.stops, account.findings]).toEqual([[], []]);
  });
});

test('a job that cannot be described is no isolated one: the handler fails', async () => {
  const account = new Account(jobOf(NOT_ISOLATED));
  account.describeError = new SweepError('JOB_NOT_READABLE', 'denied');
  await expect(sweep(account)).rejects.toBe(account.describeError);
  expect([account.stops, account.findings]).toEqual([[], []]);
});

test('whatever fails when, a running job without isolation is stopped or the handler fails, and a finding is raised or the handler fails', async () => {
  const failures = fc.record({ describe: fc.boolean(), stop: fc.boolean(), raise: fc.boolean(), meanwhile: fc.constantFrom(undefined, 'stopping' as const, 'ended' as const) });
  await fc.assert(fc.asyncProperty(failures, async ({ describe: unreadable, stop, raise, meanwhile }) => {
    const account = new Account(jobOf(NOT_ISOLATED));
    if (unreadable) account.describeError = new SweepError('JOB_NOT_READABLE', 'denied');
    if (stop) account.stopError = new Error('no');
    if (raise) account.raiseError = new FindingError('NOT_DELIVERED', 'no');
    account.meanwhile = meanwhile;
    const ended = await sweep(account).then(() => 'fine', () => 'failed');
    if (ended === 'fine') expect([account.job.state === 'running', account.findings.length]).toEqual([false, 1]);
    else expect(unreadable || stop || raise).toBe(true);
  }), { numRuns: 200 });
});
