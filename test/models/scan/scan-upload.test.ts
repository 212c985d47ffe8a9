import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import { readReport, reportKey } from '../../../lib/models/scan/upload-report';
import { uploadId } from '../../../lib/models/scan/upload-id';
import { signModel } from '../../../lib/models/signing/sign-model';
import { MemoryArtifactStore } from '../signing/memory-artifact-store';
import { BUCKET, EVIL_PICKLE, FOLDER, SAFE_PICKLE, ScanWorld } from './scan-world';

let world: ScanWorld;
beforeEach(() => {
  world = new ScanWorld();
});

const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('hex');
const reportOf = (id: string) => readReport(world.records.files.get(reportKey(id))!);

describe('a scan', () => {
  test('records what it found, with the digest of every file of a safe upload, by version', async () => {
    const scanned = await world.scan(world.upload({ 'model.pkl': SAFE_PICKLE, 'config.json': '{}' }));
    expect(scanned).toEqual({ id: uploadId(BUCKET, reportOf(scanned.id).objects), model: 'fraud', verdict: 'SAFE' });
    expect(reportOf(scanned.id)).toMatchObject({
      bucket: BUCKET, verdict: 'SAFE', reasons: [],
      objects: [
        { name: 'config.json', key: `${FOLDER}config.json`, versionId: 'v2', size: 2, sha256: sha256(Buffer.from('{}')) },
        { name: 'model.pkl', key: `${FOLDER}model.pkl`, versionId: 'v1', size: 5, sha256: sha256(SAFE_PICKLE) },
      ],
    });
  });

  test('takes a signature for one, by name and form, and neither the same bytes elsewhere nor another file under its name', async () => {
    const { bundle } = await signModel(new MemoryArtifactStore([['model.pkl', SAFE_PICKLE]]), world.key.signer);
    const { id, verdict } = await world.scan(world.upload({ 'model.pkl': SAFE_PICKLE, 'model.sig': bundle }));
    expect([verdict, reportOf(id).objects.map(({ sha256: digest }) => digest)]).toEqual(['SAFE', [sha256(SAFE_PICKLE), sha256(bundle)]]);
    expect(await world.scan(world.upload({ 'model.pkl': SAFE_PICKLE, 'sub/model.sig': bundle }))).toMatchObject({ verdict: 'UNSCANNABLE' });
    expect(await world.scan(world.upload({ 'model.pkl': SAFE_PICKLE, 'model.sig': EVIL_PICKLE }))).toMatchObject({ verdict: 'DANGEROUS' });
    const trailing = Buffer.concat([bundle, EVIL_PICKLE]);
    expect((await world.scan(world.upload({ 'model.pkl': SAFE_PICKLE, 'model.sig': trailing }))).verdict).not.toBe('SAFE');
    // Signed alone is no model.
    expect((await world.scan(world.upload({ 'model.sig': bundle }))).verdict).toBe('UNSCANNABLE');
  });

  test('records why an upload is not safe, and names none of its contents', async () => {
    const { id, verdict } = await world.scan(world.upload({ 'model.pkl': EVIL_PICKLE, 'config.json': '{}' }));
    expect(verdict).toBe('DANGEROUS');
    expect(reportOf(id)).toMatchObject({ verdict: 'DANGEROUS', reasons: expect.arrayContaining(['PICKLE_DENIED_GLOBAL']) });
    expect(reportOf(id).objects.map((object) => object.sha256)).toEqual([undefined, undefined]);
  });

  test('looks at the versions of the manifest, not at what has come over them since', async () => {
    const upload = world.upload({ 'model.pkl': SAFE_PICKLE });
    world.put(`${FOLDER}model.pkl`, EVIL_PICKLE);
    expect(await world.scan(upload)).toMatchObject({ verdict: 'SAFE' });
  });

  test('is done once for the same versions, whoever asks again', async () => {
    const first = await world.scan(world.upload({ 'model.pkl': SAFE_PICKLE }));
    const files = JSON.stringify({ model: 'other', objects: [{ name: 'model.pkl', key: `${FOLDER}model.pkl`, versionId: 'v1' }] });
    world.reads.length = 0;
    expect(await world.scan(world.put(`${FOLDER}upload.json`, files))).toEqual({ ...first, model: 'other' });
    expect(world.reads).toEqual([`${FOLDER}upload.json`]);
  });

  test('holds the files to the root digest that the manifest expects, each time', async () => {
    const file = { name: 'model.pkl', ...world.put(`${FOLDER}model.pkl`, SAFE_PICKLE) };
    const expecting = (expectedDigest: string) => world.put(`${FOLDER}upload.json`, JSON.stringify({ model: 'fraud', objects: [file], expectedDigest }));
    const root = createHash('sha256').update(createHash('sha256').update(SAFE_PICKLE).digest()).digest('hex');
    await expect(world.scan(expecting('a'.repeat(64)))).rejects.toMatchObject({ code: 'INVALID_MANIFEST' });
    await expect(world.scan(expecting('a'.repeat(64)))).rejects.toMatchObject({ code: 'INVALID_MANIFEST' });
    expect(await world.scan(expecting(root))).toMatchObject({ verdict: 'SAFE' });
  });

  test('expects the root digest that a signature names, which is not about itself', async () => {
    const { bundle, rootDigest } = await signModel(new MemoryArtifactStore([['model.pkl', SAFE_PICKLE]]), world.key.signer);
    const objects = [{ name: 'model.pkl', ...world.put(`${FOLDER}model.pkl`, SAFE_PICKLE) }, { name: 'model.sig', ...world.put(`${FOLDER}model.sig`, bundle) }];
    const upload = world.put(`${FOLDER}upload.json`, JSON.stringify({ model: 'fraud', objects, expectedDigest: rootDigest }));
    expect(await world.scan(upload)).toMatchObject({ verdict: 'SAFE' });
  });

  test('believes what is recorded when another one was faster', async () => {
    const upload = world.upload({ 'model.pkl': SAFE_PICKLE });
    const { id } = await world.scan(upload);
    const recorded = world.records.files.get(reportKey(id))!.toString().replace('"SAFE"', '"UNSCANNABLE"');
    world.records.files.clear();
    world.records.writeOnce = (key) => {
      world.records.files.set(key, Buffer.from(recorded));
      return Promise.resolve(false);
    };
    expect(await world.scan(upload)).toMatchObject({ verdict: 'UNSCANNABLE' });
  });
});

describe('a scan fails closed', () => {
  test.each([0, 1, 2])('when the time is up after %i reads, the upload is UNSCANNABLE', async (patience) => {
    const upload = world.upload({ 'model.pkl': SAFE_PICKLE, 'weights.pkl': SAFE_PICKLE });
    world.patience = patience;
    const { id, verdict } = await world.scan(upload);
    expect(verdict).toBe('UNSCANNABLE');
    expect(reportOf(id).reasons).toContain('LIMIT_EXCEEDED');
    expect(reportOf(id).objects.every(({ sha256: digest }) => digest === undefined)).toBe(true);
  });

  test('what cannot be read is a failure and no verdict, so that another attempt may read it', async () => {
    const upload = world.upload({ 'model.pkl': SAFE_PICKLE });
    world.failure = new Error('SlowDown');
    await expect(world.scan(upload)).rejects.toThrow('SlowDown');
    expect(world.records.files.size).toBe(0);
    world.failure = undefined;
    expect(await world.scan(upload)).toMatchObject({ verdict: 'SAFE' });
  });

  test.each<[string, unknown]>([
    ['no JSON', '{'],
    ['a duplicate key', '{"model":"a","model":"b","objects":[]}'],
    ['another shape', { model: 'fraud' }],
    ['a field that is not known', { model: 'fraud', objects: [{ name: 'a', key: `${FOLDER}a`, versionId: 'v1' }], __proto__: null, scan: 'off' }],
    ['a file of another folder', { model: 'fraud', objects: [{ name: 'a', key: 'uploads/8/a', versionId: 'v1' }] }],
    ['a file whose key begins like the folder', { model: 'fraud', objects: [{ name: 'a', key: 'uploads/77/a', versionId: 'v1' }] }],
    ['itself', { model: 'fraud', objects: [{ name: 'a', key: `${FOLDER}upload.json`, versionId: 'v1' }] }],
    ['a file without a version', { model: 'fraud', objects: [{ name: 'a', key: `${FOLDER}a`, versionId: 'null' }] }],
    ['a name that leaves the model', { model: 'fraud', objects: [{ name: '../a', key: `${FOLDER}a`, versionId: 'v1' }] }],
    ['five megabytes', ' '.repeat(5 * 1024 * 1024)],
  ])('a manifest with %s is refused, and no file is read', async (_, manifest) => {
    const upload = world.put(`${FOLDER}upload.json`, typeof manifest === 'string' ? manifest : JSON.stringify(manifest));
    await expect(world.scan(upload)).rejects.toMatchObject({ code: 'INVALID_MANIFEST', name: 'UploadError.INVALID_MANIFEST' });
    expect(world.reads).toEqual([`${FOLDER}upload.json`]);
  });

  test('a manifest at the top of the zone has no folder of its own', async () => {
    const files = { model: 'fraud', objects: [{ name: 'a', key: 'a', versionId: 'v1' }] };
    await expect(world.scan(world.put('upload.json', JSON.stringify(files)))).rejects.toMatchObject({ code: 'INVALID_MANIFEST' });
  });
});
