/** One thing that a store holds below its root. */
export interface Artifact {
  /** Path relative to the root, parts separated by `/`. Not checked: names come from outside. */
  readonly name: string;

  /** Only a file has content; links and devices are listed so that a caller can refuse them. */
  readonly kind: 'file' | 'link' | 'other';

  /** Unit: bytes. */
  readonly size: number;

  /** What pins the content: a version id, or the identity and change time of a local file. */
  readonly version: string;
}

/** Unit: bytes. `start` is the first byte, `end` the first byte after the range. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** Where a model lies. Nothing here writes. */
export interface ArtifactStore {
  /** Last part of the place: directory name, or last part of the prefix. */
  readonly name: string;

  /** `file` when the whole store is a single file. */
  readonly layout: 'tree' | 'file';

  /** Everything below the root, in any order; directories themselves are left out. */
  list(): AsyncIterable<Artifact>;

  /**
   * The bytes of one listed artifact, or of a range of it, in order. A chunk is valid until the next one is taken.
   * Throws when the content is not the listed version any more, or when the length differs from what was listed.
   */
  read(artifact: Artifact, range?: ByteRange): AsyncIterable<Uint8Array>;
}
