import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Artifact, ArtifactStore, ByteRange } from '../../../lib/models/ports/artifact-store';
import { hashArtifacts } from '../../../lib/models/signing/hash-artifacts';
import { expectRefusal } from './refusal';

/** Gives as many zeros as an artifact claims, and counts readers. */
class ZeroStore implements ArtifactStore {
  public readonly name = 'zeros';
  public readonly layout = 'tree';
  public open = 0;
  public mostOpen = 0;
  public started = 0;

  public constructor(private readonly change: (artifact: Artifact) => number = ({ size }) => size) {}

  public async *list(): AsyncIterable<Artifact> {
    yield* [];
  }

  public async *read(artifact: Artifact, range?: ByteRange): AsyncIterable<Uint8Array> {
    this.started++;
    this.mostOpen = Math.max(this.mostOpen, ++this.open);
    try {
      if (artifact.name === 'bad') throw new Error('disk gone');
      for (let left = range ? range.end - range.start : this.change(artifact); left > 0; left -= 1 << 20) {
        await new Promise((resolve) => setImmediate(resolve));
        yield Buffer.alloc(Math.min(left, 1 << 20));
      }
    } finally {
      this.open--;
    }
  }
}

const file = (name: string, size: number): { artifact: Artifact } => ({ artifact: { name, kind: 'file', size, version: '1' } });
const zeros = (size: number): string => createHash('sha256').update(Buffer.alloc(size)).digest('hex');

describe('hashing artifacts', () => {
  test('gives digests in the order of the tasks, whatever finishes first', async () => {
    const sizes = [5 << 20, 0, 3, 2 << 20, 1];
    expect(
      await hashArtifacts(
        new ZeroStore(),
        sizes.map((size, n) => file(`f${n}`, size)),
        { algorithm: 'sha256' },
      ),
    ).toEqual(sizes.map(zeros));
  });

  test('has no more readers than it may, and keeps them busy', async () => {
    const store = new ZeroStore();
    await hashArtifacts(
      store,
      Array.from({ length: 20 }, (_, n) => file(`f${n}`, 2 << 20)),
      { algorithm: 'sha256', readers: 3 },
    );
    expect(store.mostOpen).toBe(3);
    expect(store.open).toBe(0);
  });

  test('needs no memory that grows with the files', async () => {
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    await hashArtifacts(new ZeroStore(), [file('big', 512 << 20)], {
      algorithm: 'sha256',
      onProgress: () => {
        most = Math.max(most, process.memoryUsage().arrayBuffers - before);
      },
    });
    expect(most).toBeLessThan(256 << 20);
  });

  test('opens no further file after a failure and waits for those that are open', async () => {
    const store = new ZeroStore();
    const tasks = [file('a', 4 << 20), file('bad', 1), ...Array.from({ length: 50 }, (_, n) => file(`f${n}`, 1))];
    await expectRefusal(() => hashArtifacts(store, tasks, { algorithm: 'sha256', readers: 2 }), 'STORE_FAILED');
    expect(store.started).toBeLessThan(5);
    expect(store.open).toBe(0);
  });

  test.each([-1, 1])('refuses a file that is %i byte off its listed size', async (off) => {
    await expectRefusal(
      () => hashArtifacts(new ZeroStore(({ size }) => size + off), [file('f', 10)], { algorithm: 'sha256' }),
      'STORE_FAILED',
    );
  });
});
