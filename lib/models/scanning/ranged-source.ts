import { ScanError } from './scan-error';

/**
 * Where the scanner reads from: a file, an object behind ranged requests, a part of an archive.
 *
 * An adapter must serve every range from one version of the object, so that nobody can swap it between two reads.
 */
export interface RangedSource {
  /** Length in bytes. A decompressing source, whose end is found on the way, gives an upper bound. */
  readonly size: number;
  /** Reads `length` bytes at `offset`; gives fewer only where the source ends. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** Reads exactly `length` bytes or throws `TRUNCATED`, and `MALFORMED` for an offset in front of the source. */
export async function readExact(source: RangedSource, offset: number, length: number): Promise<Uint8Array> {
  if (offset < 0 || length < 0) {
    throw new ScanError('MALFORMED', Math.max(offset, 0), `read of ${length} bytes at ${offset}`);
  }
  const bytes = offset + length > source.size ? undefined : await source.read(offset, length);
  if (bytes === undefined || bytes.length !== length) {
    throw new ScanError('TRUNCATED', offset, `${length} bytes expected, the source ends before`);
  }
  return bytes;
}

/** A part of another source, seen as a source of its own. */
export class SlicedSource implements RangedSource {
  constructor(
    private readonly parent: RangedSource,
    private readonly start: number,
    readonly size: number,
  ) {}

  async read(offset: number, length: number): Promise<Uint8Array> {
    const wanted = Math.min(length, this.size - offset);
    return wanted <= 0 ? new Uint8Array(0) : this.parent.read(this.start + offset, wanted);
  }
}

/** Bytes that are in memory already. */
export class BytesSource implements RangedSource {
  readonly size: number;

  constructor(private readonly bytes: Uint8Array) {
    this.size = bytes.length;
  }

  read(offset: number, length: number): Promise<Uint8Array> {
    return Promise.resolve(this.bytes.subarray(Math.min(offset, this.size), Math.min(offset + length, this.size)));
  }
}
