import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { checkDeployment } from '../../../lib/models/deploy-check/check-deployment';
import { readManifest } from '../../../lib/models/deploy-check/manifest';
import { DeployCheckError, type DeployCheckErrorCode } from '../../../lib/models/deploy-check/deploy-check-error';
import type { RecordStore } from '../../../lib/models/gate/record-store';
import { signModel } from '../../../lib/models/signing/sign-model';
import { MemoryArtifactStore } from '../signing/memory-artifact-store';
import { newTestKey } from '../signing/test-key';
import { DECIDED, DeployWorld, SETTINGS } from './deploy-world';

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

describe('a model that was signed after its promotion', () => {
  const signature = () => `${world.prefix}model.sig`;
  beforeEach(async () => {
    world = await DeployWorld.signedLater();
  });

  test('is let through, though the manifest cannot name its signature', async () => {
    expect(await world.check()).toEqual({ files: 2, decidedAt: DECIDED });
    expect(world.served.reads.sort()).toEqual([world.manifestKey, signature()].sort());
  });

  test.each<[string, DeployCheckErrorCode, () => unknown]>([
    ['there is no signature', 'SIGNATURE_MISSING', () => world.served.remove(signature())],
    ['the signature was written twice', 'OBJECT_REWRITTEN', () => world.served.put(signature(), 'x')],
    ['the signature was deleted', 'OBJECT_REWRITTEN', () => world.served.put(signature(), '', { isDeleteMarker: true })],
    ['the signature came after the decision', 'OBJECT_REWRITTEN', () => world.served.change(signature(), { lastModified: later })],
    ['the signature is none', 'SIGNATURE_MISMATCH', () => world.served.change(signature(), { content: Buffer.from('x') })],
    ['the signature is too large to be one', 'NOT_READABLE', () => world.served.change(signature(), { size: 33 * 1024 * 1024 })],
    ['another signature lies in a folder', 'OBJECT_EXTRA', () => world.served.put(`${world.prefix}sub/model.sig`, 'x')],
    ['the root digest is not that of its files', 'SIGNATURE_MISMATCH', () => {
      const { content } = world.served.versions.find(({ key }) => key === signature())!;
      const bundle = JSON.parse(content.toString()) as { dsseEnvelope: { payload: string } };
      const payload = Buffer.from(bundle.dsseEnvelope.payload, 'base64').toString().replace(world.rootDigest, 'b'.repeat(64));
      world.served.change(signature(), { content: Buffer.from(JSON.stringify({ ...bundle, dsseEnvelope: { ...bundle.dsseEnvelope, payload: Buffer.from(payload).toString('base64') } })) });
    }],
    ...([
      ['other contents', [['config.json', '{"layers": 4}'], ['weights.onnx', 'weights']]], ['a file less', [['config.json', '{"layers": 3}']]],
      ['a file more', [['a', 'b'], ['config.json', '{"layers": 3}'], ['weights.onnx', 'weights']]], ['another name', [['config.json', '{"layers": 3}'], ['weights.bin', 'weights']]],
    ] as const).map(([what, files]): [string, DeployCheckErrorCode, () => unknown] => [`the signature is about ${what}, and the gate passed that`, 'SIGNATURE_MISMATCH', async () => {
      const { bundle, rootDigest } = await signModel(new MemoryArtifactStore(files), world.key.signer);
      world.rootDigest = rootDigest;
      world.served.change(signature(), { content: bundle });
      await world.decide();
    }]),
  ])('%s: %s', async (_, code, attack) => {
    await attack();
    expect(await refusal(world.check())).toBe(code);
  });
});

describe('where the store has a scanner', () => {
  const check = () => checkDeployment(world.prefix, SETTINGS, world.judgedPorts);

  test.each([['with its own signature', () => DeployWorld.create()], ['signed later', () => DeployWorld.signedLater()]])('a model %s needs its clean verdict', async (_, create) => {
    world = await create();
    expect(await refusal(check())).toBe('VERDICT_MISSING');
    await world.judge();
    expect(await check()).toMatchObject({ decidedAt: DECIDED });
    expect(await world.check()).toMatchObject({ decidedAt: DECIDED });
  });

  test.each<[string, DeployCheckErrorCode, () => unknown]>([
    ['the scanner refused the files', 'VERDICT_NOT_CLEAN', () => world.judge({ verdict: 'REFUSED' })],
    ['another key signed', 'VERDICT_INVALID', () => world.judge({ key: newTestKey() })],
    ['the gate\'s key signed', 'VERDICT_INVALID', () => world.judge({ key: world.key })],
    ['the verdict is about one file', 'VERDICT_INVALID', () => world.judge({ files: [['config.json', 'a'.repeat(64)]] })],
    ['the verdict is about other contents', 'VERDICT_INVALID', () => world.judge({ files: [['config.json', 'a'.repeat(64)], ['model.sig', 'b'.repeat(64)], ['weights/model ü.onnx', 'c'.repeat(64)]] })],
    ['the verdict is none', 'VERDICT_INVALID', () => world.served.change(world.verdictKey, { content: Buffer.from('{}') })],
    ['the verdict is a decision of the gate, by the scanner\'s key', 'VERDICT_INVALID', async () => {
      await world.decide({ key: world.scanner, id: 'x' });
      world.served.change(world.verdictKey, { content: world.records.files.get(`summaries/${world.rootDigest}/x.json`)! });
      world.records.files.delete(`summaries/${world.rootDigest}/x.json`);
    }],
    ['the verdict was changed', 'VERDICT_INVALID', () => world.served.change(world.verdictKey, {
      content: Buffer.from(world.served.versions.find(({ key }) => key === world.verdictKey)!.content.toString().replace(/"payload": ?"./, (text) => `${text}A`)),
    })],
    ['the verdict was written twice', 'OBJECT_REWRITTEN', () => world.served.put(world.verdictKey, 'x')],
    ['the verdict was deleted', 'OBJECT_REWRITTEN', () => world.served.put(world.verdictKey, '', { isDeleteMarker: true })],
    ['the verdict is too large to be one', 'NOT_READABLE', () => world.served.change(world.verdictKey, { size: 33 * 1024 * 1024 })],
    ['something else lies beside', 'OBJECT_EXTRA', () => world.served.put(`${world.verdictKey}.json`, 'x')],
  ])('%s: %s', async (_, code, attack) => {
    await world.judge();
    expect(await refusal(check())).toBe('passed');
    await attack();
    expect(await refusal(check())).toBe(code);
  });

  test('without the scanner\'s key nothing is believed', async () => {
    await world.judge();
    const scannerKey = () => Promise.reject(new DeployCheckError('NOT_READABLE', 'x'));
    expect(await refusal(checkDeployment(world.prefix, SETTINGS, { ...world.ports, scannerKey }))).toBe('NOT_READABLE');
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
