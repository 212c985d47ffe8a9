import type { InvokeEndpointCommand } from '@aws-sdk/client-sagemaker-runtime';
import { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { MockInstance } from 'vitest';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { PROXY, PROXY_ENV } from '../../lib/inference/proxy.contract';
import { makeEvent, SETTINGS } from './proxy/fixtures';

let calls: [string, Record<string, unknown>][];
let answer: unknown;
let log: MockInstance<typeof console.log>;

beforeEach(() => {
  vi.resetModules();
  calls = [];
  answer = { Body: Buffer.from('{"score":1}'), ContentType: 'application/json' };
  vi.stubEnv(PROXY_ENV.ENDPOINT_NAME, 'fraud');
  vi.stubEnv(PROXY_ENV.SETTINGS, JSON.stringify(SETTINGS));
  log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  vi.spyOn(SageMakerRuntimeClient.prototype, 'send').mockImplementation(((command: InvokeEndpointCommand) => {
    calls.push([command.constructor.name.replace(/Command$/, ''), { ...command.input }]);
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  }) as never);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** A new instance of the function. */
const start = async () => (await import('../../lib/inference/proxy.lambda.js')).handler;

describe('the proxy', () => {
  test('asks its one endpoint once, and writes one record', async () => {
    const handler = await start();
    await expect(handler(makeEvent(), { getRemainingTimeInMillis: () => 29_000 })).resolves.toMatchObject({ statusCode: 200, body: '{"score":1}' });
    expect(calls).toEqual([['InvokeEndpoint', {
      EndpointName: 'fraud', Body: Buffer.from('{"prompt":"hello"}'), ContentType: 'application/json', Accept: 'application/json', InferenceId: 'r-1',
    }]]);
    expect(calls.every(([name]) => PROXY.calls.some(({ operation }) => operation === name))).toBe(true);
    expect(log.mock.calls).toHaveLength(1);
    expect(JSON.parse(String(log.mock.calls[0][0]))).toMatchObject({ record: 'inference', verdict: 'ANSWERED' });
  });

  test.each([
    ['ThrottlingException', 429, 'BUSY'], ['ServiceUnavailable', 429, 'BUSY'], ['ModelError', 502, 'MODEL_FAILED'], ['AccessDeniedException', 502, 'MODEL_FAILED'],
  ])('turns %s into %i', async (name, statusCode, verdict) => {
    answer = Object.assign(new Error('zqsecretzq'), { name });
    const handler = await start();
    await expect(handler(makeEvent())).resolves.toMatchObject({ statusCode });
    expect(log.mock.calls[0][0]).toContain(`"verdict":"${verdict}"`);
    expect(log.mock.calls[0][0]).not.toContain('zqsecretzq');
  });

  test.each([
    ['no settings', ''], ['settings that are no JSON', '{'], ['a schema without bounds', JSON.stringify({ ...SETTINGS, schema: { type: 'object' } })],
    ['a deadline beyond the gateway', JSON.stringify({ ...SETTINGS, deadlineMs: 29_000 })], ['no digest', JSON.stringify({ ...SETTINGS, modelDigest: '' })],
  ])('does nothing with %s', async (_, settings) => {
    vi.stubEnv(PROXY_ENV.SETTINGS, settings);
    const handler = await start();
    await expect(handler(makeEvent())).rejects.toThrow();
    expect(calls).toEqual([]);
  });
});

test.each(['proxy', 'authorise'])('the bundle of %s has less than 480 KB: it starts while a caller waits', (name) => {
  const { size } = fs.statSync(path.join(__dirname, '..', '..', 'assets', 'inference', name, 'index.mjs'));
  expect(size).toBeGreaterThan(10_000);
  expect(size).toBeLessThan(480_000);
});
