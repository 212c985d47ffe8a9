import type { Artifact, ArtifactStore, ByteRange } from '../../../lib/models/ports/artifact-store';

/** A model in memory, for names and contents that no file system takes. */
export class MemoryArtifactStore implements ArtifactStore {
  public readonly reads: string[] = [];
  private readonly contents: Map<string, Buffer>;

  public constructor(
    contents: Iterable<readonly [string, string | Buffer]>,
    public readonly name = 'model',
    public readonly layout: 'tree' | 'file' = 'tree',
  ) {
    this.contents = new Map([...contents].map(([file, content]) => [file, Buffer.from(content)]));
  }

  public with(name: string, content: string | Buffer): MemoryArtifactStore {
    return new MemoryArtifactStore([...this.contents, [name, content]], this.name, this.layout);
  }

  public without(name: string): MemoryArtifactStore {
    return new MemoryArtifactStore(
      [...this.contents].filter(([file]) => file !== name),
      this.name,
      this.layout,
    );
  }

  public async *list(): AsyncIterable<Artifact> {
    for (const [name, content] of this.contents) yield { name, kind: 'file', size: content.length, version: '1' };
  }

  public async *read(artifact: Artifact, range?: ByteRange): AsyncIterable<Uint8Array> {
    this.reads.push(artifact.name);
    const content = this.contents.get(artifact.name);
    if (!content) throw new Error(`no ${artifact.name}`);
    const bytes = content.subarray(range?.start ?? 0, range?.end ?? content.length);
    for (let at = 0; at < bytes.length; at += 7) yield bytes.subarray(at, at + 7);
  }
}
