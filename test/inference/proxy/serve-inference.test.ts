import { describe, expect, test, vi } from 'vitest';
import type { Filter } from '../../../lib/inference/proxy/filter';
import type { ModelAnswer, ModelPort } from '../../../lib/inference/proxy/model-port';
import { ProxyError } from '../../../lib/inference/proxy/proxy-error';
import { serveInference } from '../../../lib/inference/proxy/serve-inference';
import { json, makeEvent, portsWith, SETTINGS } from './fixtures';

const answers = (answer: ModelAnswer = json({ score: 0.5 })) => vi.fn<ModelPort['ask']>(async () => answer);
const serve = (event: unknown, ports: ReturnType<typeof portsWith>['ports'], settings = SETTINGS, available = 30_000) => serveInference(event, settings, ports, available);

describe('a good request', () => {
  test('reaches the model as it was judged, and its answer the caller', async () => {
    const ask = answers();
    const { ports, records } = portsWith(ask);
    const answer = await serve(makeEvent({ body: '{ "prompt": "a", "prompt": "e\u0301" }' }), ports);
    expect(answer).toMatchObject({ statusCode: 200, body: '{"score":0.5}' });
    expect(answer.headers).toMatchObject({ 'content-type': 'application/json', 'cache-control': 'no-store' });
    // Named twice, and in another form: one spelling goes on.
    expect(Buffer.from(ask.mock.calls[0][0].body).toString()).toBe('{"prompt":"é"}');
    expect(records).toEqual([{
      record: 'inference', requestId: 'r-1', route: '/infer/fraud', principal: 'oidc:alice', apiKeyId: 'key-1', modelDigest: 'sha256-0a1b', verdict: 'ANSWERED', status: 200,
      requestBytes: 34, answerBytes: 13, latencyMs: expect.any(Number), modelMs: expect.any(Number),
    }]);
  });

  test.each([
    ['Cognito', { authorizer: { claims: { sub: '0a1b' } } }, 'cognito:0a1b'],
    ['Cognito for a machine', { authorizer: { claims: { client_id: 'job' } } }, 'cognito:job'],
    ['IAM', { identity: { userArn: 'arn:aws:sts::111111111111:assumed-role/app/i-1' } }, 'arn:aws:sts::111111111111:assumed-role/app/i-1'],
  ])('is recorded under the name that %s gives', async (_, context, principal) => {
    const { ports, records } = portsWith(answers());
    await serve(makeEvent({ requestContext: { requestId: 'r-2', ...context } }), ports);
    expect(records).toMatchObject([{ principal, verdict: 'ANSWERED' }]);
  });

  test('carries the tokens that the model counted into the record', async () => {
    const { ports, records } = portsWith(answers({ ...json({}), usage: { inputTokens: 7, outputTokens: 9 } }));
    await serve(makeEvent(), ports);
    expect(records).toMatchObject([{ inputTokens: 7, outputTokens: 9 }]);
  });
});

describe('a bad request', () => {
  const secret = 'zqsecretzq';
  test.each<[string, Record<string, unknown>, string, number]>([
    ['of another path', { resource: '/infer/other' }, 'NOT_FOUND', 404],
    ['by another method', { httpMethod: 'GET' }, 'NOT_FOUND', 404],
    ['of nobody', { requestContext: { requestId: 'r-1' } }, 'UNAUTHENTICATED', 401],
    ['of a name with a line break', { requestContext: { authorizer: { principalId: 'alice\nroot' } } }, 'UNAUTHENTICATED', 401],
    ['in base64', { isBase64Encoded: true, body: 'e30=' }, 'MEDIA_TYPE', 415],
    ['without a content type', { headers: {} }, 'MEDIA_TYPE', 415],
    ['with null headers', { headers: null }, 'MEDIA_TYPE', 415],
    ['with two content types', { headers: { 'content-type': 'application/json', 'Content-Type': 'application/json' } }, 'MEDIA_TYPE', 415],
    ['in another charset', { headers: { 'content-type': 'application/json; charset=utf-7' } }, 'MEDIA_TYPE', 415],
    ['as a form', { headers: { 'content-type': 'text/plain' } }, 'MEDIA_TYPE', 415],
    ['without a body', { body: null }, 'MALFORMED', 400],
    ['that is too large', { body: JSON.stringify({ prompt: 'a'.repeat(20_000) }) }, 'TOO_LARGE', 413],
    ['that is too large in bytes only', { body: JSON.stringify({ prompt: '語'.repeat(6_000) }) }, 'TOO_LARGE', 413],
    ['that is no JSON', { body: `{"prompt":"${secret}"` }, 'MALFORMED', 400],
    ['that is nested deep', { body: `{"prompt":${'['.repeat(500)}${']'.repeat(500)}}` }, 'MALFORMED', 400],
    ['with a control character', { body: `{"prompt":"${secret}\\u0000"}` }, 'UNSAFE_TEXT', 400],
    ['with an unknown field', { body: `{"prompt":"a","${secret}":1}` }, 'INVALID_INPUT', 400],
    ['with the prototype of objects', { body: '{"prompt":"a","__proto__":{"count":1}}' }, 'INVALID_INPUT', 400],
  ])('%s is refused before the model, with one record and no content', async (_, change, code, status) => {
    const ask = answers();
    const { ports, records } = portsWith(ask);
    const answer = await serve(makeEvent(change), ports);
    expect(answer.statusCode).toBe(status);
    expect(JSON.parse(answer.body)).toMatchObject({ code });
    expect(ask).not.toHaveBeenCalled();
    expect(records).toHaveLength(1);
    const names = !('requestContext' in change);
    const { body } = makeEvent(change);
    expect(records[0]).toMatchObject({
      verdict: code, status, answerBytes: 0, requestBytes: typeof body === 'string' ? Buffer.byteLength(body) : 0,
      principal: names ? 'oidc:alice' : 'unknown', ...(names ? { apiKeyId: 'key-1' } : {}),
    });
    expect(JSON.stringify(records) + answer.body).not.toContain(secret);
  });

  test.each([undefined, null, 1, 'text', [], { requestContext: [] }, { requestContext: { requestId: '\n' } }, Object.create(null)])('%j is no request', async (event) => {
    const { ports, records } = portsWith(answers());
    expect((await serve(event, ports)).statusCode).toBe(404);
    expect(records).toMatchObject([{ requestId: 'unknown', principal: 'unknown', verdict: 'NOT_FOUND' }]);
  });

  test('of one megabyte costs no call of the model: it is refused with 413', async () => {
    const ask = answers();
    const { ports } = portsWith(ask);
    expect((await serve(makeEvent({ body: 'a'.repeat(1_048_576) }), ports)).statusCode).toBe(413);
    expect(ask).not.toHaveBeenCalled();
  });
});

describe('a model', () => {
  test.each<[string, ModelAnswer]>([
    ['too much', json({ text: 'a'.repeat(70_000) })],
    ['HTML', { body: Buffer.from('<script>'), contentType: 'text/html' }],
    ['no JSON', { body: Buffer.from('{'), contentType: 'application/json' }],
    ['broken UTF-8', { body: Buffer.from([0x22, 0xff, 0x22]), contentType: 'application/json' }],
    ['a text that grows beyond the limit when written', { body: Buffer.from(JSON.stringify('\u007f'.repeat(10)).replaceAll('\u007f', '\\ud800')), contentType: 'application/json' }],
  ])('that says %s is not passed on', async (what, answer) => {
    const { ports, records } = portsWith(answers(answer));
    const settings = what.startsWith('a text') ? { ...SETTINGS, maxAnswerBytes: 61 } : SETTINGS;
    expect(await serve(makeEvent(), ports, settings)).toMatchObject({ statusCode: 502 });
    expect(records).toMatchObject([{ verdict: 'BAD_ANSWER' }]);
  });

  test.each([['BUSY', 429], ['MODEL_FAILED', 502]] as const)('that is %s gives %i', async (code, status) => {
    const { ports, records } = portsWith(async () => Promise.reject(new ProxyError(code, 'ThrottlingException')));
    expect(await serve(makeEvent(), ports)).toMatchObject({ statusCode: status });
    expect(records).toMatchObject([{ verdict: code, detail: 'ThrottlingException' }]);
  });

  test('whose client fails with a payload in its message does not bring that into a record', async () => {
    const { ports, records } = portsWith(async () => Promise.reject(new TypeError('zqsecretzq')));
    expect(await serve(makeEvent(), ports)).toMatchObject({ statusCode: 500 });
    expect(records).toMatchObject([{ verdict: 'INTERNAL', detail: 'TypeError' }]);
  });

  test('that never answers ends at the deadline, though it does not watch the signal', async () => {
    const { ports, records } = portsWith(() => new Promise(() => undefined));
    expect(await serve(makeEvent(), ports, { ...SETTINGS, deadlineMs: 20 })).toMatchObject({ statusCode: 504 });
    expect(records).toMatchObject([{ verdict: 'DEADLINE', status: 504 }]);
  });

  test('has no more time than the function', async () => {
    const deadline = vi.fn(portsWith(answers()).ports.deadline);
    const { ports } = portsWith(answers());
    await serve(makeEvent(), { ...ports, deadline }, SETTINGS, 1_500);
    expect(deadline).toHaveBeenCalledWith(1_000);
    await serve(makeEvent(), { ...ports, deadline }, SETTINGS, 100);
    expect(deadline).toHaveBeenLastCalledWith(1);
  });
});

describe('filters', () => {
  const upper: Filter = { name: 'upper', inspect: async (value) => ({ verdict: 'pass', value: JSON.parse(JSON.stringify(value).toUpperCase()) as never }) };
  const block = (name: string): Filter => ({ name, inspect: async () => ({ verdict: 'block', reason: 'SECRET' }) });
  const broken: Filter = { name: 'broken', inspect: async () => Promise.reject(new Error('zqsecretzq')) };

  test('see each what the one before let through, in order', async () => {
    const ask = answers(json({ text: 'fine' }));
    const seen: unknown[] = [];
    const watch: Filter = { name: 'watch', inspect: async (value) => (seen.push(value), { verdict: 'pass', value }) };
    const { ports } = portsWith(ask, { input: [upper, watch], output: [watch, upper] });
    expect(await serve(makeEvent(), ports)).toMatchObject({ body: '{"TEXT":"FINE"}' });
    expect(seen).toEqual([{ PROMPT: 'HELLO' }, { text: 'fine' }]);
  });

  test('of the input that block keep the request from the model', async () => {
    const ask = answers();
    const { ports, records } = portsWith(ask, { input: [block('guard')], output: [] });
    expect(await serve(makeEvent(), ports)).toMatchObject({ statusCode: 422 });
    expect(records).toMatchObject([{ verdict: 'INPUT_BLOCKED', detail: 'guard: SECRET' }]);
    expect(ask).not.toHaveBeenCalled();
  });

  test('of the output that block keep the answer from the caller', async () => {
    const { ports, records } = portsWith(answers(json({ text: 'zqsecretzq' })), { input: [], output: [block('guard')] });
    const answer = await serve(makeEvent(), ports);
    expect(answer.statusCode).toBe(422);
    expect(JSON.stringify(records) + answer.body).not.toContain('zqsecretzq');
  });

  test.each(['input', 'output'] as const)('of the %s that fail block', async (side) => {
    const { ports, records } = portsWith(answers(), { input: [], output: [], [side]: [broken] });
    expect(await serve(makeEvent(), ports)).toMatchObject({ statusCode: 422 });
    expect(records).toMatchObject([{ detail: 'broken: failed' }]);
  });
});
