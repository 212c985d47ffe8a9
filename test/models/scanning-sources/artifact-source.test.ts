import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { ArtifactSource } from '../../../lib/models/scanning-sources/artifact-source';
import { DirectoryArtifactStore } from '../../../lib/models/ports/directory-artifact-store';

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'artifact-source-'));
const aside = fs.mkdtempSync(path.join(os.tmpdir(), 'artifact-aside-'));
afterAll(() => [root, aside].forEach((directory) => fs.rmSync(directory, { recursive: true, force: true })));
const file = path.join(root, 'weights.bin');
const content = Buffer.alloc(3 * 1024 * 1024 + 7, 'abcdefghijk');

async function source(): Promise<{ readonly source: ArtifactSource; readonly read: () => number }> {
  fs.rmSync(file, { force: true });
  fs.writeFileSync(file, content);
  const store = await DirectoryArtifactStore.open(root);
  let bytes = 0;
  for await (const artifact of store.list()) return { source: new ArtifactSource(store, artifact, (length) => (bytes += length)), read: () => bytes };
  throw new Error('nothing listed');
}

describe('ranges of a file', () => {
  test('are its bytes, also over several chunks and past its end', async () => {
    const { source: one, read } = await source();
    expect(one.size).toBe(content.length);
    for (const [offset, length] of [[0, 10], [1024 * 1024 - 3, 2 * 1024 * 1024], [0, content.length], [content.length - 2, 100], [content.length, 5], [5, 0]]) {
      const bytes = await one.read(offset, length);
      expect(Buffer.compare(bytes, content.subarray(offset, offset + length)), `${length} at ${offset}`).toBe(0);
    }
    expect(read()).toBe(10 + 2 * 1024 * 1024 + content.length + 2);
    expect(one.failure).toBeUndefined();
  });

  test.each([
    ['changed', () => fs.writeFileSync(file, Buffer.alloc(content.length, 'x'))],
    ['replaced by another file of the same size', () => {
      fs.writeFileSync(`${file}.new`, Buffer.alloc(content.length, 'x'));
      fs.renameSync(`${file}.new`, file);
    }],
    ['replaced by a link', () => {
      fs.renameSync(file, path.join(aside, 'weights.bin'));
      fs.symlinkSync(path.join(aside, 'weights.bin'), file);
    }],
    ['taken away', () => fs.rmSync(file)],
  ])('fail when the file was %s since it was listed, and keep why', async (_, change) => {
    const { source: one } = await source();
    await one.read(0, 10);
    change();
    await expect(one.read(0, 10)).rejects.toThrow();
    expect(one.failure).toMatchObject({ name: 'ArtifactStoreError' });
  });
});
