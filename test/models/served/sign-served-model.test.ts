import { beforeEach, describe, expect, test } from 'vitest';
import { digestKey, readDigest, writeDigest } from '../../../lib/models/served/object-digest';
import { toServedKey, toServedPlace } from '../../../lib/models/served/served-place';
import { verifyModel } from '../../../lib/models/signing/verify-model';
import { SERVED, ServedWorld } from './served-world';

let world: ServedWorld;
let prefix: string;
beforeEach(() => {
  world = new ServedWorld();
  prefix = world.promote({ 'model.onnx': 'weights', 'sub/config.json': '{}' });
});

const hashAll = async () => {
  for (const { Key } of world.list(prefix)) await world.hash(Key);
};

describe('a served model', () => {
  test('is signed so that any verifier of the specification takes it', async () => {
    await hashAll();
    const signed = await world.sign(prefix);
    expect(signed).toMatchObject({ signature: `${prefix}model.sig`, written: true });
    const store = world.storeOf(prefix, () => true);
    const { rootDigest } = await verifyModel(store, world.objects.get(signed.signature)!.content, { trust: { publicKey: world.key.publicKey } });
    expect(rootDigest).toBe(signed.rootDigest);
  });

  test('is signed once: a second run leaves the first signature', async () => {
    await hashAll();
    const first = await world.sign(prefix);
    const bundle = world.objects.get(first.signature)!.content;
    await hashAll();
    expect(await world.sign(prefix)).toEqual({ ...first, written: false });
    expect(world.objects.get(first.signature)!.content).toBe(bundle);
  });

  test('is hashed object by object, each once: what stopped goes on behind the last that was done', async () => {
    const [first, second] = world.list(prefix).map(({ Key }) => Key);
    expect(await world.hash(first)).toEqual({ hashed: true });
    expect(await world.hash(first)).toEqual({ hashed: false });
    await world.hash(second);
    expect(world.hashed).toEqual([first, second]);
  });

  test.each([0, 1])('of which an object is not hashed in time (after %i chunks) is not signed', async (patience) => {
    world.patience = patience;
    await expect(world.hash(`${prefix}model.onnx`)).rejects.toMatchObject({ name: 'ServedModelError.OBJECT_TOO_LARGE' });
    expect(world.records.files.size).toBe(0);
    await expect(world.sign(prefix)).rejects.toMatchObject({ code: 'NOT_HASHED' });
  });
});

describe('a model that was uploaded with a signature', () => {
  test('keeps it: nothing is written, and its files must be what the manifest names all the same', async () => {
    prefix = world.promote({ 'model.onnx': 'weights', 'model.sig': 'of the producer', 'sub/config.json': '{}' });
    await hashAll();
    const before = [...world.objects.keys()];
    expect(await world.sign(prefix)).toMatchObject({ written: false, signature: `${prefix}model.sig`, rootDigest: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
    expect([...world.objects.keys()]).toEqual(before);
    world.put(`${prefix}model.onnx`, 'WEIGHTS');
    await hashAll();
    await expect(world.sign(prefix)).rejects.toMatchObject({ code: 'MANIFEST_MISMATCH' });
  });

  test.each(['sub/model.sig', 'model.sig.json', 'a  model.sig'])('a file named %s is no signature: the model is signed', async (name) => {
    prefix = world.promote({ 'model.onnx': 'weights', [name]: 'x' });
    await hashAll();
    expect(await world.sign(prefix)).toMatchObject({ written: true });
  });
});

describe('is not signed', () => {
  test.each<[string, string, () => void]>([
    ['a model of which one object has no digest', 'NOT_HASHED', () => world.records.files.delete([...world.records.files.keys()][0])],
    ['an object that has a newer version than the hashed one', 'NOT_HASHED', () => world.put(`${prefix}model.onnx`, 'weights')],
    ['a digest that is about another version', 'NOT_HASHED', () => {
      const [[key, bytes]] = [...world.records.files];
      world.records.files.set(key, Buffer.from(bytes.toString().replace(/"versionId":"v\d+"/, '"versionId":"v9"')));
    }],
    ['a digest record that is no JSON', 'NOT_HASHED', () => world.records.files.set([...world.records.files.keys()][0], Buffer.from('{'))],
    ['a file that the promoter did not name', 'NOT_HASHED', () => world.put(`${prefix}extra.py`, 'import os')],
    ['a model without a manifest', 'MANIFEST_MISMATCH', () => world.objects.delete(`${prefix.slice(0, -1)}.manifest`)],
    ['a manifest that names other contents', 'MANIFEST_MISMATCH', () => world.put(`${prefix.slice(0, -1)}.manifest`, `${'a'.repeat(64)}  model.onnx\n`)],
  ])('%s: %s', async (_, code, change) => {
    await hashAll();
    change();
    await expect(world.sign(prefix)).rejects.toMatchObject({ code });
    expect(world.objects.has(`${prefix}model.sig`)).toBe(false);
  });

  test('a model in which one file is missing, though all that is there is hashed', async () => {
    world.objects.delete(`${prefix}sub/config.json`);
    await hashAll();
    await expect(world.sign(prefix)).rejects.toMatchObject({ code: 'MANIFEST_MISMATCH' });
  });

  test('a file beside the manifest, though it is hashed', async () => {
    world.put(`${prefix}extra.py`, 'import os');
    await hashAll();
    await expect(world.sign(prefix)).rejects.toMatchObject({ code: 'MANIFEST_MISMATCH' });
  });

  test('files and manifest that were exchanged together: the prefix names the manifest', async () => {
    const other = world.promote({ 'model.onnx': 'evil' }, 'other');
    for (const { Key } of world.list(prefix)) world.objects.delete(Key);
    world.put(`${prefix}model.onnx`, 'evil');
    world.put(`${prefix.slice(0, -1)}.manifest`, world.objects.get(`${other.slice(0, -1)}.manifest`)!.content);
    await hashAll();
    await expect(world.sign(prefix)).rejects.toMatchObject({ code: 'MANIFEST_MISMATCH' });
  });

  test('a file that a signature leaves out by custom: it is in the manifest and not in the signature', async () => {
    prefix = world.promote({ 'model.onnx': 'weights', '.git/config': 'hooks' });
    await hashAll();
    await expect(world.sign(prefix)).rejects.toMatchObject({ code: 'MANIFEST_MISMATCH' });
  });
});

describe('places', () => {
  const digest = 'a'.repeat(64);
  test.each([
    undefined, 7, '', 'models/', `models/fraud/sha256-${digest}`, `models/fraud/sha256-${digest}/sub/`, `models/../x/sha256-${digest}/`, `other/fraud/sha256-${digest}/`,
    `models/fraud/sha256-${'A'.repeat(64)}/`, `models/fraud/sha256-${digest}/\n`, ['models/'],
  ])('%j is no prefix of a served model', (value) => {
    expect(() => toServedPlace(value)).toThrow(expect.objectContaining({ code: 'INVALID_PLACE' }) as Error);
  });

  test.each([undefined, '', `models/fraud/sha256-${digest}/`, `models/fraud/sha256-${digest}.manifest`, `models/fraud/sha256-${digest}/../x`, `x/models/fraud/sha256-${digest}/a`])(
    '%j is no key of one', (value) => {
      expect(() => toServedKey(value)).toThrow(expect.objectContaining({ code: 'INVALID_PLACE' }) as Error);
    },
  );

  test('a record counts for the very place, size and version that it names', () => {
    const place = { bucket: SERVED, key: 'k', versionId: 'v1', size: 3 };
    const record = Buffer.from(writeDigest({ ...place, sha256: digest }));
    expect(readDigest(record, place)).toBe(digest);
    for (const other of [{ ...place, bucket: 'x' }, { ...place, key: 'x' }, { ...place, versionId: 'v2' }, { ...place, size: 4 }]) {
      expect(readDigest(record, other)).toBeUndefined();
    }
    expect(readDigest(Buffer.from(record.toString().replace(digest, digest.toUpperCase())), place)).toBeUndefined();
    expect(readDigest(Buffer.from('null'), place)).toBeUndefined();
    expect(digestKey({ ...place, key: 'a"],["b' })).not.toBe(digestKey({ ...place, key: 'a', versionId: 'b' }));
  });
});
