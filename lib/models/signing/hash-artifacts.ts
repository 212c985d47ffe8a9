import type { Artifact, ArtifactStore, ByteRange } from '../ports/artifact-store';
import type { DigestAlgorithm} from './digest-algorithm';
import { newDigest } from './digest-algorithm';
import { storeFailed } from './inventory';
import { quoted } from './signing-error';

/** Files read at the same time. Hashing takes one core; the others wait for the disk or the network. */
const DEFAULT_READERS = 4;

/** One stretch of bytes to hash: a whole file, or a range of it. */
export interface HashTask {
  readonly artifact: Artifact;

  /** @default - the whole file */
  readonly range?: ByteRange;
}

export interface HashOptions {
  readonly algorithm: DigestAlgorithm;

  /** @default 4 */
  readonly readers?: number;

  /** Called after each chunk with the bytes hashed so far, over all tasks. */
  readonly onProgress?: (bytes: number) => void;
}

/**
 * Digests of all tasks, in their order, as lower-case hexadecimal. Memory does not grow with the size of the files.
 * After a failure no further file is opened.
 *
 * @throws SigningError STORE_FAILED
 */
export async function hashArtifacts(store: ArtifactStore, tasks: readonly HashTask[], options: HashOptions): Promise<string[]> {
  const digests = new Array<string>(tasks.length);
  let next = 0;
  let failed = false;
  let bytes = 0;
  const reader = async (): Promise<void> => {
    while (!failed && next < tasks.length) {
      const index = next++;
      try {
        digests[index] = await hashTask(store, tasks[index], options.algorithm, (length) => {
          bytes += length;
          options.onProgress?.(bytes);
        });
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const readers = Math.max(1, Math.min(options.readers ?? DEFAULT_READERS, tasks.length));
  const results = await Promise.allSettled(Array.from({ length: readers }, reader));
  for (const result of results) if (result.status === 'rejected') throw result.reason;
  return digests;
}

async function hashTask(
  store: ArtifactStore, task: HashTask, algorithm: DigestAlgorithm, onChunk: (length: number) => void,
): Promise<string> {
  const { artifact, range } = task;
  const expected = range ? range.end - range.start : artifact.size;
  const hash = newDigest(algorithm);
  let bytes = 0;
  try {
    for await (const chunk of store.read(artifact, range)) {
      hash.update(chunk);
      bytes += chunk.length;
      onChunk(chunk.length);
    }
    if (bytes !== expected) throw new Error(`read ${bytes} bytes of ${expected}`);
  } catch (cause) {
    throw storeFailed(`read ${quoted(artifact.name)}`, cause);
  }
  return hash.digest('hex');
}
