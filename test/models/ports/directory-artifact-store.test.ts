import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { appendFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Artifact } from '../../../lib/models/ports/artifact-store';
import type { ArtifactStoreErrorCode } from '../../../lib/models/ports/artifact-store-error';
import { ArtifactStoreError } from '../../../lib/models/ports/artifact-store-error';
import { DirectoryArtifactStore } from '../../../lib/models/ports/directory-artifact-store';
import { signModel } from '../../../lib/models/signing/sign-model';
import { verifyModel } from '../../../lib/models/signing/verify-model';
import { expectRefusal } from '../signing/refusal';
import { newTestKey } from '../signing/test-key';

const key = newTestKey();
const trust = { publicKey: key.publicKey };
let root: string;

beforeEach(async () => {
  root = path.join(await mkdtemp(path.join(tmpdir(), 'model-')), 'model');
  await mkdir(path.join(root, 'weights'), { recursive: true });
  await writeFile(path.join(root, 'config.json'), '{}');
  await writeFile(path.join(root, 'weights', '模型.bin'), 'weights');
});

afterEach(async () => {
  await rm(path.dirname(root), { recursive: true, force: true });
});

async function listed(store: DirectoryArtifactStore): Promise<Artifact[]> {
  const artifacts: Artifact[] = [];
  for await (const artifact of store.list()) artifacts.push(artifact);
  return artifacts.sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function read(store: DirectoryArtifactStore, artifact: Artifact, range?: { start: number; end: number }): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of store.read(artifact, range)) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

async function expectStoreError(action: () => Promise<unknown>, code: ArtifactStoreErrorCode): Promise<void> {
  const error = await action().then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ArtifactStoreError);
  expect((error as ArtifactStoreError).code).toBe(code);
}

describe('directory store', () => {
  test('lists files below the root by relative name', async () => {
    const store = await DirectoryArtifactStore.open(root);
    expect(store).toMatchObject({ name: 'model', layout: 'tree' });
    expect((await listed(store)).map(({ name, kind, size }) => `${kind} ${name} ${size}`)).toEqual([
      'file config.json 2',
      'file weights/模型.bin 7',
    ]);
  });

  test('takes a single file, and a root that is a link', async () => {
    const file = await DirectoryArtifactStore.open(path.join(root, 'config.json'));
    expect(file).toMatchObject({ name: 'config.json', layout: 'file' });
    expect((await read(file, (await listed(file))[0])).toString()).toBe('{}');
    await symlink(root, `${root}-link`);
    expect((await listed(await DirectoryArtifactStore.open(`${root}-link/`))).length).toBe(2);
  });

  test('refuses a root that is not there or is no file', async () => {
    await expectStoreError(() => DirectoryArtifactStore.open(path.join(root, 'none')), 'NOT_FOUND');
    await expectStoreError(() => DirectoryArtifactStore.open('/dev/null'), 'NOT_A_FILE');
  });

  test('reads whole files and ranges over the borders of its chunks', async () => {
    const content = Buffer.alloc(3 * 1024 * 1024 + 5);
    for (let at = 0; at < content.length; at += 4) content.writeUInt32LE(at, Math.min(at, content.length - 4));
    await writeFile(path.join(root, 'big'), content);
    const store = await DirectoryArtifactStore.open(root);
    const [big] = (await listed(store)).filter(({ name }) => name === 'big');
    const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
    expect(sha256(await read(store, big))).toBe(sha256(content));
    for (const [start, end] of [
      [0, 1],
      [1024 * 1024 - 1, 2 * 1024 * 1024 + 1],
      [content.length - 1, content.length],
      [7, 7],
    ]) {
      expect((await read(store, big, { start, end })).equals(content.subarray(start, end))).toBe(true);
    }
    await expectStoreError(() => read(store, big, { start: 0, end: content.length + 1 }), 'RANGE_INVALID');
    await expectStoreError(() => read(store, big, { start: 5, end: 4 }), 'RANGE_INVALID');
  });

  test('can be left in the middle of a file', async () => {
    await writeFile(path.join(root, 'big'), Buffer.alloc(4 * 1024 * 1024));
    const store = await DirectoryArtifactStore.open(root);
    const [big] = (await listed(store)).filter(({ name }) => name === 'big');
    for (let n = 0; n < 50; n++) for await (const chunk of store.read(big)) if (chunk.length > 0) break;
    await rm(path.join(root, 'big'));
  });

  test('refuses a file that changed after it was listed', async () => {
    const store = await DirectoryArtifactStore.open(root);
    const [config] = await listed(store);
    await appendFile(path.join(root, 'config.json'), ' ');
    await expectStoreError(() => read(store, config), 'CHANGED_WHILE_READING');
  });

  test('refuses a file that changes while it is read', async () => {
    await writeFile(path.join(root, 'big'), Buffer.alloc(4 * 1024 * 1024));
    const store = await DirectoryArtifactStore.open(root);
    const [big] = (await listed(store)).filter(({ name }) => name === 'big');
    await expectStoreError(async () => {
      for await (const chunk of store.read(big))
        if (chunk.length > 0) await writeFile(path.join(root, 'big'), Buffer.alloc(4 * 1024 * 1024, 1));
    }, 'CHANGED_WHILE_READING');
  });

  test('does not follow a link or wait for a pipe that took the place of a file', async () => {
    const store = await DirectoryArtifactStore.open(root);
    const [config] = await listed(store);
    await rm(path.join(root, 'config.json'));
    await symlink('/etc/hostname', path.join(root, 'config.json'));
    await expectStoreError(() => read(store, config), 'NOT_FOUND');
    await rm(path.join(root, 'config.json'));
    execFileSync('mkfifo', [path.join(root, 'config.json')]);
    await expectStoreError(() => read(store, config), 'NOT_A_FILE');
  });

  test('does not read above its root', async () => {
    await writeFile(path.join(root, '..', 'secret'), 's');
    const store = await DirectoryArtifactStore.open(root);
    for (const name of ['../secret', 'weights/../../secret', 'weights/../config.json', '/etc/hostname']) {
      await expectStoreError(() => read(store, { name, kind: 'file', size: 1, version: '' }), 'NOT_FOUND');
    }
  });

  test('refuses a name that is not UTF-8', async () => {
    await writeFile(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0x61, 0xff])]), 'x');
    await expectStoreError(async () => listed(await DirectoryArtifactStore.open(root)), 'NAME_NOT_UNICODE');
    await expectRefusal(async () => signModel(await DirectoryArtifactStore.open(root), key.signer), 'STORE_FAILED');
  });
});

describe('a model in a directory', () => {
  test('signs and verifies with its signature beside it, and fails once a byte changes', async () => {
    await mkdir(path.join(root, '.git'));
    await writeFile(path.join(root, '.git', 'HEAD'), 'ref');
    const { bundle } = await signModel(await DirectoryArtifactStore.open(root), key.signer);
    await writeFile(path.join(root, 'model.sig'), bundle);
    await verifyModel(await DirectoryArtifactStore.open(root), bundle, { trust });
    await writeFile(path.join(root, 'weights', '模型.bin'), 'Weights');
    await expectRefusal(async () => verifyModel(await DirectoryArtifactStore.open(root), bundle, { trust }), 'FILE_MISMATCH', 'content');
  });

  test.each<[string, string]>([
    ['inside', 'config.json'],
    ['to nothing', 'none'],
    ['outside', '/etc/hostname'],
    ['in a ring', '.'],
    ['to a directory', 'weights'],
  ])('is refused with a link %s, when signing and when verifying', async (_, target) => {
    const { bundle } = await signModel(await DirectoryArtifactStore.open(root), key.signer);
    await symlink(target, path.join(root, 'link'));
    await expectRefusal(async () => signModel(await DirectoryArtifactStore.open(root), key.signer), 'FILE_IS_LINK');
    await expectRefusal(async () => verifyModel(await DirectoryArtifactStore.open(root), bundle, { trust }), 'FILE_IS_LINK', 'inventory');
  });

  test('is refused with a pipe, and may have links where version control keeps them', async () => {
    await mkdir(path.join(root, '.git'));
    await symlink('x', path.join(root, '.git', 'link'));
    await signModel(await DirectoryArtifactStore.open(root), key.signer);
    execFileSync('mkfifo', [path.join(root, 'pipe')]);
    await expectRefusal(async () => signModel(await DirectoryArtifactStore.open(root), key.signer), 'FILE_NOT_REGULAR');
  });
});
