import type * as S3 from '@aws-sdk/client-s3';
import { S3Client } from '@aws-sdk/client-s3';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { handler } from '../../lib/models/promote.lambda';
import { NO_SCANNER, PROMOTE, PROMOTE_ENV } from '../../lib/models/promote.contract';

type Input = Record<string, unknown>;

/** Calls that the handler made, as command and input. */
let calls: [string, Input][];
/** What S3 answers, by command; a function is called with the input. */
let answers: Record<string, unknown>;

beforeEach(() => {
  calls = [];
  answers = {
    GetObjectTagging: { TagSet: [{ Key: 'GuardDutyMalwareScanStatus', Value: 'NO_THREATS_FOUND' }] },
    GetObject: () => ({ ContentLength: 7, Body: Readable.from([Buffer.from('weights')]) }),
    CreateMultipartUpload: { UploadId: 'upload' },
    UploadPartCopy: { CopyPartResult: { ETag: '"etag"', ChecksumSHA256: 'sum' } },
  };
  vi.stubEnv(PROMOTE_ENV.QUARANTINE_BUCKET, 'quarantine');
  vi.stubEnv(PROMOTE_ENV.SERVED_BUCKET, 'served');
  vi.stubEnv(PROMOTE_ENV.VERDICTS_BUCKET, NO_SCANNER);
  vi.stubEnv(PROMOTE_ENV.VERDICT_KEY_ARN, NO_SCANNER);
  vi.spyOn(console, 'log').mockImplementation(() => undefined);
  vi.spyOn(S3Client.prototype, 'send').mockImplementation(((command: S3.GetObjectCommand) => {
    const name = command.constructor.name.replace(/Command$/, '');
    calls.push([name, command.input as unknown as Input]);
    const answer = answers[name];
    if (answer instanceof Error) return Promise.reject(answer);
    return Promise.resolve(typeof answer === 'function' ? (answer as (input: Input) => unknown)(command.input as unknown as Input) : answer ?? {});
  }) as never);
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const precondition = Object.assign(new Error('PreconditionFailed'), { $metadata: { httpStatusCode: 412 } });

describe('the promoter', () => {
  test('reads by version, copies in parts, and writes each key once', async () => {
    const promotion = await handler(makeEvent());
    expect(promotion.objects).toMatchObject([{ name: 'model.onnx', outcome: 'copied', size: 7 }]);
    const targetKey = `${promotion.prefix}model.onnx`;
    expect(calls).toMatchObject([
      ['GetObjectTagging', { Bucket: 'quarantine', Key: 'uploads/model.onnx', VersionId: 'v1' }],
      ['GetObject', { Bucket: 'quarantine', Key: 'uploads/model.onnx', VersionId: 'v1' }],
      ['CreateMultipartUpload', { Bucket: 'served', Key: targetKey, ChecksumAlgorithm: 'SHA256' }],
      ['UploadPartCopy', { Bucket: 'served', Key: targetKey, PartNumber: 1, CopySource: 'quarantine/uploads/model.onnx?versionId=v1' }],
      ['CompleteMultipartUpload', { Bucket: 'served', Key: targetKey, IfNoneMatch: '*', MultipartUpload: { Parts: [{ PartNumber: 1, ETag: '"etag"', ChecksumSHA256: 'sum' }] } }],
      ['PutObject', { Bucket: 'served', Key: promotion.manifest, IfNoneMatch: '*', ChecksumAlgorithm: 'SHA256' }],
    ]);
  });

  test('writes an empty file in one piece, once as well', async () => {
    answers.GetObject = () => ({ ContentLength: 0, Body: Readable.from([]) });
    const { prefix } = await handler(makeEvent());
    expect(calls).toContainEqual(['PutObject', { Bucket: 'served', Key: `${prefix}model.onnx`, Body: '', IfNoneMatch: '*', ChecksumAlgorithm: 'SHA256' }]);
  });

  test('is idempotent: a key that is there already is the same content, and its parts are dropped', async () => {
    answers.CompleteMultipartUpload = precondition;
    await expect(handler(makeEvent())).resolves.toMatchObject({ objects: [{ outcome: 'existed' }] });
    expect(calls.at(-2)).toMatchObject(['AbortMultipartUpload', { UploadId: 'upload' }]);
  });

  test('passes any other failure on, after dropping the parts', async () => {
    answers.UploadPartCopy = new Error('AccessDenied');
    answers.AbortMultipartUpload = new Error('abort failed, too');
    await expect(handler(makeEvent())).rejects.toThrow('AccessDenied');
    expect(calls.map(([name]) => name)).toContain('AbortMultipartUpload');
  });

  test.each(Object.values(PROMOTE_ENV))('does nothing without its setting %s', async (name) => {
    vi.stubEnv(name, '');
    await expect(handler(makeEvent())).rejects.toThrow(`the environment variable ${name} is not set`);
    expect(calls).toEqual([]);
  });

  test('with a scanner, serves nothing that has no verdict', async () => {
    vi.stubEnv(PROMOTE_ENV.VERDICTS_BUCKET, 'records');
    vi.stubEnv(PROMOTE_ENV.VERDICT_KEY_ARN, 'arn:key');
    answers.GetObject = Object.assign(new Error('NoSuchKey'), { name: 'NoSuchKey' });
    await expect(handler(makeEvent())).rejects.toMatchObject({ code: 'NO_VERDICT' });
    await expect(handler({ model: 'fraud-scorer', verdict: 'a'.repeat(64) })).rejects.toMatchObject({ code: 'NO_VERDICT' });
    expect(calls.map(([name, { Bucket }]) => [name, Bucket])).toEqual([['GetObject', 'records'], ['GetObject', 'records']]);
  });

  test('with half a scanner, serves nothing', async () => {
    vi.stubEnv(PROMOTE_ENV.VERDICT_KEY_ARN, 'arn:key');
    answers.GetObject = Object.assign(new Error('NoSuchBucket'), { name: 'NoSuchBucket' });
    await expect(handler(makeEvent())).rejects.toThrow('NoSuchBucket');
  });

  test('without a scanner, takes no verdict for the files', async () => {
    await expect(handler({ model: 'fraud-scorer', verdict: 'a'.repeat(64) })).rejects.toMatchObject({ code: 'INVALID_REQUEST' });
    expect(calls).toEqual([]);
  });

  test('writes nothing for a version that is not clean', async () => {
    answers.GetObjectTagging = { TagSet: [{ Key: 'GuardDutyMalwareScanStatus', Value: 'THREATS_FOUND' }] };
    await expect(handler(makeEvent())).rejects.toMatchObject({ code: 'NOT_CLEAN' });
    expect(calls.map(([name]) => name)).toEqual(['GetObjectTagging']);
  });

  test('makes exactly the calls that its contract declares', async () => {
    await handler(makeEvent());
    answers.GetObject = () => ({ ContentLength: 0, Body: Readable.from([]) });
    await handler(makeEvent());
    answers.GetObject = () => ({ ContentLength: 7, Body: Readable.from([Buffer.from('weights')]) });
    answers.CompleteMultipartUpload = precondition;
    await handler(makeEvent());
    expect([...new Set(calls.map(([name]) => name))].sort()).toEqual(PROMOTE.calls.map((call) => call.operation).sort());
  });
});

function makeEvent(): unknown {
  return { model: 'fraud-scorer', objects: [{ name: 'model.onnx', key: 'uploads/model.onnx', versionId: 'v1' }] };
}
