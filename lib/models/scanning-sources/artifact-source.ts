import type { Artifact, ArtifactStore } from '../ports/artifact-store';
import type { RangedSource } from '../scanning/ranged-source';

/** Ranges of one listed artifact for the scanner. Every range is of the listed version: a file that is swapped meanwhile fails. */
export class ArtifactSource implements RangedSource {
  public readonly size: number;

  /** What failed first while reading. The scanner turns it into a reason; the caller may want to know. */
  public failure?: unknown;

  public constructor(
    private readonly store: ArtifactStore,
    private readonly artifact: Artifact,
    private readonly onRead: (bytes: number) => void,
  ) {
    this.size = artifact.size;
  }

  public async read(offset: number, length: number): Promise<Uint8Array> {
    const end = Math.min(offset + length, this.size);
    const bytes = Buffer.allocUnsafe(Math.max(0, end - offset));
    let filled = 0;
    try {
      for await (const chunk of bytes.length > 0 ? this.store.read(this.artifact, { start: offset, end }) : []) {
        // Copied: a chunk is valid only until the next one.
        bytes.set(chunk, filled);
        filled += chunk.length;
      }
    } catch (error) {
      this.failure ??= error;
      throw error;
    }
    this.onRead(filled);
    return bytes.subarray(0, filled);
  }
}
