import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { checkDeployment } from '../../../lib/models/deploy-check/check-deployment';
import { readManifest } from '../../../lib/models/deploy-check/manifest';
import type { DeployCheckErrorCode } from '../../../lib/models/deploy-check/deploy-check-error';
import type { RecordStore } from '../../../lib/models/gate/record-store';
import { newTestKey } from '../signing/test-key';
import { DECIDED, DeployWorld } from './deploy-world';

let world: DeployWorld;
beforeEach(async () => {
  world = await DeployWorld.create();
});

const later = new Date(DECIDED.getTime() + 1000);
const refusal = (action: Promise<unknown>) => action.then(() => 'passed', (error: { code: string }) => error.code);

describe('a model that the gate passed', () => {
  test('is let through, and only its manifest and its signature are read', async () => {
    expect(await world.check()).toEqual({ files: 3, decidedAt: DECIDED });
    expect(world.served.reads.sort()).toEqual([world.manifestKey, `${world.prefix}model.sig`].sort());
  });

  test('is let through as well when S3 wrote its files in one piece, or in several parts', async () => {
    world.served.change(`${world.prefix}config.json`, { partBytes: undefined });
    world.served.change(`${world.prefix}weights/model ü.onnx`, { partBytes: 3 });
    expect(await world.check()).toMatchObject({ files: 3 });
  });

  test('is let through after an earlier refusal, and after a decision in the very second of its promotion', async () => {
    await world.decide({ passed: false, at: new Date(DECIDED.getTime() - 1000) });
    world.served.change(`${world.prefix}config.json`, { lastModified: DECIDED });
    expect(await world.check()).toMatchObject({ decidedAt: DECIDED });
  });
});

describe('what is not what the gate passed is refused', () => {
  const weights = () => `${world.prefix}weights/model ü.onnx`;
  test.each<[string, DeployCheckErrorCode, () => unknown]>([
    ['nothing is there', 'MANIFEST_MISSING', () => world.served.versions.splice(0)],
    ['the manifest was written twice', 'OBJECT_REWRITTEN', () => world.served.put(world.manifestKey, 'x')],
    ['the manifest is another one', 'MANIFEST_CHANGED', () => world.served.change(world.manifestKey, { content: Buffer.from(`${'a'.repeat(64)}  model.sig\n`) })],
    ['a file is gone', 'OBJECT_MISSING', () => world.served.remove(weights())],
    ['a file was deleted', 'OBJECT_REWRITTEN', () => world.served.put(weights(), '', { isDeleteMarker: true })],
    ['a file was written again with the same bytes', 'OBJECT_REWRITTEN', () => world.served.put(weights(), 'weights')],
    ['a file was written again, and the later version removed from sight', 'OBJECT_REWRITTEN', () => world.served.change(weights(), { isLatest: false })],
    ['a file has no version', 'OBJECT_REWRITTEN', () => world.served.change(weights(), { versionId: 'null' })],
    ['a file came after the decision', 'OBJECT_REWRITTEN', () => world.served.change(weights(), { lastModified: later })],
    ['a time is none', 'OBJECT_REWRITTEN', () => world.served.change(weights(), { lastModified: new Date(NaN) })],
    ['a file lies beside', 'OBJECT_EXTRA', () => world.served.put(`${world.prefix}code/inference.py`, 'import os')],
    ['a folder marker lies beside', 'OBJECT_EXTRA', () => world.served.put(`${world.prefix}code/`, '')],
    ['a longer name lies beside the prefix', 'OBJECT_EXTRA', () => world.served.put(`${world.prefix.slice(0, -1)}x/config.json`, '{}')],
    ['a deleted file lies beside', 'OBJECT_EXTRA', () => world.served.put(`${world.prefix}__proto__`, '', { isDeleteMarker: true })],
    ['other bytes lie there', 'CHECKSUM_MISMATCH', () => world.served.change(weights(), { content: Buffer.from('WEIGHTS') })],
    ['other bytes lie there in one piece', 'CHECKSUM_MISMATCH', () => world.served.change(weights(), { content: Buffer.from('WEIGHTS'), partBytes: undefined })],
    ['no checksum was stored', 'CHECKSUM_MISSING', () => world.served.change(weights(), { checksum: { sha256: undefined } })],
    ['a part has no checksum', 'CHECKSUM_MISSING', () => world.served.change(weights(), { checksum: { parts: [{ size: 7, sha256: undefined }] } })],
    ['no part is listed', 'CHECKSUM_MISSING', () => world.served.change(weights(), { checksum: { parts: [] } })],
    ['parts are left out of the list', 'CHECKSUM_MISMATCH', () => world.served.change(weights(), { partBytes: 3, checksum: { parts: [{ size: 7, sha256: 'AAAA' }] } })],
    ['parts have another length', 'CHECKSUM_MISMATCH', async () => {
      const stored = await world.served.checksum(world.served.versions.find(({ key }) => key === weights())!);
      world.served.change(weights(), { checksum: { parts: stored.parts!.map((part) => ({ ...part, size: part.size + 1 })) } });
    }],
    ['the size is another one', 'CHECKSUM_MISMATCH', () => world.served.change(weights(), { checksum: { size: 8 } })],
    ['there is no signature', 'SIGNATURE_MISSING', () => world.promote([['config.json', '{}']])],
    ['the signature is none', 'SIGNATURE_MISSING', () => world.promote([['config.json', '{}'], ['model.sig', 'x']])],
    ['the gate never decided', 'SUMMARY_MISSING', () => world.records.files.clear()],
    ['the gate refused', 'SUMMARY_REFUSED', () => world.decide({ passed: false, id: '0' })],
    ['the gate refused later', 'SUMMARY_REFUSED', () => world.decide({ passed: false, at: later })],
    ['the gate refused in the same moment', 'SUMMARY_REFUSED', () => world.decide({ passed: false })],
    ['another gate decided', 'SUMMARY_REFUSED', () => world.decide({ gate: `${'arn:aws:states:eu-central-1:111111111111:stateMachine:'}other`, at: later })],
    ['another key signed', 'SUMMARY_REFUSED', () => world.decide({ key: newTestKey(), at: later })],
    ['the decision is about another model', 'SUMMARY_REFUSED', () => world.decide({ rootDigest: 'b'.repeat(64), at: later })],
    ['the decision is about another prefix', 'SUMMARY_REFUSED', () => world.decide({ resourceUri: `s3://served/models/other/sha256-${'b'.repeat(64)}/`, at: later })],
    ['the decision is about another bucket', 'SUMMARY_REFUSED', () => world.decide({ resourceUri: `s3://elsewhere/${world.prefix}`, at: later })],
    ['a summary was changed', 'SUMMARY_REFUSED', () => {
      const [[key, bytes]] = [...world.records.files];
      world.records.files.set(key, Buffer.from(bytes.toString().replace(/"payload": ?"./, (text) => `${text}A`)));
    }],
    ['a summary is empty', 'SUMMARY_REFUSED', () => world.records.files.set(`summaries/${world.rootDigest}/x.json`, Buffer.alloc(0))],
  ])('%s: %s', async (_, code, attack) => {
    await attack();
    expect(await refusal(world.check())).toBe(code);
  });

  test('an approval that is too old, and one from the future where age counts', async () => {
    const days = (count: number) => ({ maxAgeSeconds: count * 86_400 });
    expect(await refusal(world.check(days(5)))).toBe('passed');
    expect(await refusal(world.check(days(4)))).toBe('SUMMARY_REFUSED');
    await world.decide({ at: new Date('2030-01-01T00:00:00Z') });
    expect(await refusal(world.check(days(5)))).toBe('SUMMARY_REFUSED');
  });

  test('records that cannot be read are no approval, and the text of AWS stays out of the reason', async () => {
    const records: RecordStore = {
      keys: () => Promise.reject(Object.assign(new Error('secret'), { name: 'AccessDenied' })), read: () => Promise.resolve(undefined), writeOnce: () => Promise.resolve(false),
    };
    const broken = { ...world.ports, records };
    await expect(checkDeployment(world.prefix, { servedBucket: 'served', gate: 'arn:x' }, broken)).rejects.toMatchObject({ code: 'NOT_READABLE', message: expect.not.stringContaining('secret') });
  });

  test('a small file that is too large to be one is not read', async () => {
    world.served.change(world.manifestKey, { size: 33 * 1024 * 1024 });
    expect(await refusal(world.check())).toBe('NOT_READABLE');
    expect(world.served.reads).toEqual([]);
  });
});

describe('the manifest', () => {
  const prefixOf = (text: string) => `models/fraud/sha256-${createHash('sha256').update(text).digest('hex')}/`;
  const sha = 'c'.repeat(64);
  test.each([
    ['nothing', ''], ['no line feed at its end', `${sha}  a`], ['an empty line', `${sha}  a\n\n`], ['a short digest', `${sha.slice(1)}  a\n`],
    ['capitals', `${sha.toUpperCase()}  a\n`], ['one space', `${sha} a\n`], ['a way out', `${sha}  ../a\n`], ['an absolute name', `${sha}  /a\n`],
    ['a name twice', `${sha}  a\n${sha}  a\n`], ['too many lines', Array.from({ length: 1001 }, (_, at) => `${sha}  ${at}\n`).join('')],
  ])('with %s is none', (_, text) => expect(() => readManifest(Buffer.from(text), prefixOf(text))).toThrow(expect.objectContaining({ code: 'MANIFEST_CHANGED' })));

  test('of a thousand names is read, names of prototypes among them', () => {
    const text = `${sha}  __proto__\n${sha}  constructor\n${Array.from({ length: 998 }, (_, at) => `${sha}  ${at}\n`).join('')}`;
    expect(readManifest(Buffer.from(text), prefixOf(text))).toHaveLength(1000);
  });
});
