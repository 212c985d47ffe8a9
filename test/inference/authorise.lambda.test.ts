import type { GetObjectCommand } from '@aws-sdk/client-s3';
import { S3Client } from '@aws-sdk/client-s3';
import type { MockInstance } from 'vitest';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { AUTHORISE, AUTHORISE_ENV, KEY_SET_OBJECT } from '../../lib/inference/authorise.contract';
import { toAuthoriseSettings } from '../../lib/inference/authorise/authorise-request';
import { usageIdentifier } from '../../lib/inference/authorise/usage-identifier';
import { CLAIMS, EXPECTED, KEYS_TEXT, makeToken } from './authorise/tokens';

const METHOD_ARN = 'arn:aws:execute-api:eu-central-1:111111111111:a1b2c3d4e5/v1/POST/infer/fraud';
const SETTINGS = { ...EXPECTED, usagePrefix: 'gateway' };
const fresh = () => ({ ...CLAIMS, iat: Math.floor(Date.now() / 1000) - 5, exp: Math.floor(Date.now() / 1000) + 600 });
const makeEvent = (change: object = {}) => ({ type: 'TOKEN', methodArn: METHOD_ARN, authorizationToken: `Bearer ${makeToken(fresh())}`, ...change });

let calls: [string, Record<string, unknown>][];
let answer: unknown;
let log: MockInstance<typeof console.log>;

beforeEach(() => {
  vi.resetModules();
  calls = [];
  answer = { Body: { transformToString: async () => KEYS_TEXT } };
  vi.stubEnv(AUTHORISE_ENV.KEY_SET_BUCKET, 'keys');
  vi.stubEnv(AUTHORISE_ENV.SETTINGS, JSON.stringify(SETTINGS));
  log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  vi.spyOn(S3Client.prototype, 'send').mockImplementation(((command: GetObjectCommand) => {
    calls.push([command.constructor.name.replace(/Command$/, ''), { ...command.input }]);
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  }) as never);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const start = async () => (await import('../../lib/inference/authorise.lambda.js')).handler;

describe('the authoriser', () => {
  test('lets a principal do the one thing that it asks for, counted on its own key', async () => {
    const handler = await start();
    expect(await handler(makeEvent())).toEqual({
      principalId: 'alice',
      policyDocument: { Version: '2012-10-17', Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: METHOD_ARN }] },
      usageIdentifierKey: usageIdentifier('gateway', 'alice'),
    });
    await handler(makeEvent());
    expect(calls).toEqual([['GetObject', { Bucket: 'keys', Key: KEY_SET_OBJECT, Range: 'bytes=0-65536' }]]);
    expect(calls.every(([name]) => AUTHORISE.calls.some(({ operation }) => operation === name))).toBe(true);
  });

  test.each([
    ['no token', { authorizationToken: undefined }], ['another scheme', { authorizationToken: 'Basic YTpi' }], ['two tokens', { authorizationToken: `Bearer ${makeToken()} ${makeToken()}` }],
    ['an old token', { authorizationToken: `Bearer ${makeToken()}` }], ['an oversize header', { authorizationToken: `Bearer ${'a'.repeat(100_000)}` }],
    ['an ARN with a wildcard', { methodArn: METHOD_ARN.replace('fraud', '*') }], ['another type of event', { type: 'REQUEST' }],
  ])('refuses %s with the one word that becomes a 401', async (_, change) => {
    const handler = await start();
    await expect(handler(makeEvent(change))).rejects.toThrow(/^Unauthorized$/);
    expect(log.mock.calls).toHaveLength(1);
    expect(String(log.mock.calls[0][0])).toMatch(/^\{"record":"authorisation","refused":"[A-Z_]+"\}$/);
  });

  test.each([undefined, null, 'text', []])('refuses the event %j', async (event) => {
    const handler = await start();
    await expect(handler(event)).rejects.toThrow(/^Unauthorized$/);
  });

  test('keeps everybody out while there is no key set', async () => {
    answer = Object.assign(new Error('zqsecretzq'), { name: 'NoSuchKey' });
    const handler = await start();
    await expect(handler(makeEvent())).rejects.toMatchObject({ code: 'KEY_SET' });
    expect(log.mock.calls).toEqual([['{"record":"authorisation","refused":"KEY_SET","cause":"NoSuchKey"}']]);
  });

  test('says what is wrong with a key set that is broken', async () => {
    answer = { Body: { transformToString: async () => '<html>' } };
    const handler = await start();
    await expect(handler(makeEvent())).rejects.toMatchObject({ code: 'KEY_SET' });
    expect(log.mock.calls).toEqual([['{"record":"authorisation","refused":"KEY_SET","cause":"the mirrored key set is not JSON"}']]);
  });

  test('takes a token apart once', async () => {
    const handler = await start();
    await handler(makeEvent());
    const event = makeEvent();
    const parse = vi.spyOn(JSON, 'parse');
    await handler(event);
    // Its header and its claims.
    expect(parse).toHaveBeenCalledTimes(2);
  });
});

test.each<[string, object, string]>([
  ['an issuer without TLS', { issuer: 'http://issuer.example.com' }, 'https URL'], ['no audience', { audiences: [] }, 'at least one'], ['no algorithm', { algorithms: [] }, 'some of'],
  ['none', { algorithms: ['none'] }, 'some of'], ['a shared secret', { algorithms: ['HS256'] }, 'some of'], ['no claim', { principalClaim: '' }, 'principalClaim'],
  ['no life', { maxLifetime: 0 }, 'whole seconds'], ['no prefix', { usagePrefix: '' }, 'usagePrefix'], ['odd scopes', { scopes: [1] }, 'list of texts'],
])('settings with %s are refused', (_, change, message) => {
  expect(() => toAuthoriseSettings(JSON.stringify({ ...SETTINGS, ...change }))).toThrow(message);
});
