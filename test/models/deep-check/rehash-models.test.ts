import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { beforeEach, describe, expect, test } from 'vitest';
import type { DetectionFinding } from '../../../lib/core/finding';
import { hashVersion } from '../../../lib/models/deep-check/hash-version';
import type { DeepCheckCursor, DeepCheckPorts } from '../../../lib/models/deep-check/rehash-models';
import { rehashModels, START } from '../../../lib/models/deep-check/rehash-models';
import { DeployCheckError } from '../../../lib/models/deploy-check/deploy-check-error';
import { DeployWorld } from '../deploy-check/deploy-world';

let world: DeployWorld;
let findings: DetectionFinding[];
/** Files that a run still has time for. */
let time: number;
beforeEach(async () => {
  world = await DeployWorld.create();
  findings = [];
  time = Infinity;
});

const ports = (change: Partial<DeepCheckPorts> = {}): DeepCheckPorts => ({
  objects: world.served,
  hash: async (version) => {
    const content = await world.served.read(version);
    time -= 1;
    return { sha256: createHash('sha256').update(content).digest('hex'), size: content.length };
  },
  hasTime: () => time > 0,
  findings: { raise: (finding) => Promise.resolve(void findings.push(finding)) },
  now: () => 1,
  modelArnPrefix: 'arn:aws:s3:eu-central-1:111111111111:served/',
  ...change,
});
const check = (from: DeepCheckCursor = START, change: Partial<DeepCheckPorts> = {}, prefixes = [world.prefix]) => rehashModels(prefixes, from, ports(change));
const codes = () => findings.flatMap(({ finding_info: { types } }) => types);
const weights = () => `${world.prefix}weights/model ü.onnx`;

describe('a deep check', () => {
  test('reads every byte of a good model and says nothing', async () => {
    expect(await check()).toEqual({ model: 1, file: 0, files: 3, state: 'GOOD', next: 'GOOD' });
    expect(findings).toEqual([]);
    expect(world.served.reads.filter((key) => key !== world.manifestKey)).toHaveLength(3);
  });

  test('sees changed bytes behind the checksum that S3 stored, by a finding that names the model and no bytes', async () => {
    const { sha256 } = await world.served.checksum(world.served.versions.find(({ key }) => key === weights())!);
    world.served.change(weights(), { content: Buffer.from('WEIGHTS'), checksum: { sha256 } });
    expect(await check()).toMatchObject({ state: 'CHANGED', next: 'CHANGED', files: 3 });
    expect(codes()).toEqual(['BYTES_CHANGED']);
    expect(findings[0]).toMatchObject({ severity_id: 5, disposition_id: 15, resources: [{ uid: `arn:aws:s3:eu-central-1:111111111111:served/${world.prefix.slice(0, -1)}` }] });
    expect(JSON.stringify(findings)).not.toContain('WEIGHTS');
  });

  test.each<[string, string, () => unknown]>([
    ['a file is gone', 'OBJECT_MISSING', () => world.served.remove(weights())],
    ['a file was written again', 'OBJECT_REWRITTEN', () => world.served.put(weights(), 'weights')],
    ['a file lies beside', 'OBJECT_EXTRA', () => world.served.put(`${world.prefix}code/inference.py`, 'import os')],
    ['the manifest is gone', 'MANIFEST_MISSING', () => world.served.remove(world.manifestKey)],
    ['the manifest is another one', 'MANIFEST_CHANGED', () => world.served.change(world.manifestKey, { content: Buffer.from('x') })],
    ['a file ends early', 'BYTES_CHANGED', () => world.served.change(weights(), { size: 8 })],
  ])('tells when %s: %s, and looks at the other models all the same', async (_, code, attack) => {
    const good = world.prefix;
    const other = await DeployWorld.create([['a', 'b']]);
    for (const version of other.served.versions) world.served.versions.push(version);
    attack();
    expect(await check(START, {}, [good, other.prefix])).toMatchObject({ model: 2, next: 'CHANGED' });
    expect(codes()).toEqual([code]);
    expect(world.served.reads).toContain(`${other.prefix}a`);
  });

  test('sees a later signature that is about something else than the manifest, and a good one says nothing', async () => {
    world = await DeployWorld.signedLater();
    expect(await check()).toMatchObject({ next: 'GOOD', files: 2 });
    const other = await DeployWorld.signedLater([['a', 'b']]);
    world.served.change(`${world.prefix}model.sig`, { content: other.served.versions.find(({ key }) => key.endsWith('model.sig'))!.content });
    expect(await check()).toMatchObject({ next: 'CHANGED' });
    expect(codes()).toEqual(['SIGNATURE_MISMATCH']);
  });

  test('goes on where its time ended, remembers what it saw, and reads no file twice', async () => {
    world.served.change(`${world.prefix}config.json`, { content: Buffer.from('x') });
    const runs: DeepCheckCursor[] = [];
    for (let from = START; from.next === 'CONTINUE'; runs.push(from)) {
      time = 1;
      from = await check(from);
    }
    expect(runs.map(({ file, next }) => [file, next])).toEqual([[1, 'CONTINUE'], [2, 'CONTINUE'], [0, 'CHANGED']]);
    expect(codes()).toEqual(['BYTES_CHANGED']);
    expect(world.served.reads.filter((key) => key !== world.manifestKey)).toHaveLength(3);
  });

  test('begins a file anew in the next run when its time ended inside, and tells of one that fits into none', async () => {
    const slow = ports().hash;
    const late = { hash: (version: Parameters<typeof slow>[0]) => (version.key === weights() ? Promise.resolve(undefined) : slow(version)) };
    const first = await check(START, late);
    expect(first).toMatchObject({ file: 1, next: 'CONTINUE', state: 'GOOD' });
    expect(await check(first, late)).toMatchObject({ next: 'CHANGED', files: 3 });
    expect(codes()).toEqual(['FILE_TOO_LARGE']);
  });

  test('without models is over', async () => expect(await check(START, {}, [])).toMatchObject({ next: 'GOOD', files: 0 }));

  test('that cannot look, or cannot tell, fails', async () => {
    const unreadable = new DeployCheckError('NOT_READABLE', 'x');
    const objects = Object.assign(Object.create(world.served) as typeof world.served, { list: () => Promise.reject(unreadable) });
    await expect(check(START, { objects })).rejects.toBe(unreadable);
    await expect(check(START, { hash: () => Promise.reject(unreadable) })).rejects.toBe(unreadable);
    world.served.remove(weights());
    const mute = new Error('nobody took it');
    await expect(check(START, { findings: { raise: () => Promise.reject(mute) } })).rejects.toBe(mute);
  });
});

describe('the hash of a version', () => {
  const version = { key: 'k', versionId: 'v', size: 4, isLatest: true, isDeleteMarker: false, lastModified: new Date(0) };
  const s3 = (Body: unknown) => ({
    send: (command: { input: object }) => {
      expect(command.input).toEqual({ Bucket: 'b', Key: 'k', VersionId: 'v' });
      return Promise.resolve({ Body });
    },
  });

  test('is that of its bytes, read by version', async () => {
    expect(await hashVersion(s3(Readable.from([Buffer.from('ab'), Buffer.from('cd')])) as never, 'b', version, () => false))
      .toEqual({ size: 4, sha256: createHash('sha256').update('abcd').digest('hex') });
  });

  test('is none when the time is over inside', async () => {
    let chunks = 0;
    expect(await hashVersion(s3(Readable.from([Buffer.from('ab'), Buffer.from('cd')])) as never, 'b', version, () => (chunks += 1) > 1)).toBeUndefined();
  });

  test('is none of what breaks off: the check fails', () =>
    expect(hashVersion(s3(Readable.from((function* broken() { yield Buffer.from('ab'); throw new Error('reset'); })())) as never, 'b', version, () => false))
      .rejects.toMatchObject({ code: 'NOT_READABLE' }));
});
