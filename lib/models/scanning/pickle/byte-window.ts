import type { RangedSource } from '../ranged-source';

const FIRST_READ = 64 * 1024;
const LARGEST_READ = 4 * 1024 * 1024;

/**
 * A window of bytes that moves forward over a source. Long payloads are skipped by moving it, never by reading them.
 *
 * Reads grow while they follow each other, and start small again after a jump.
 */
export class ByteWindow {
  bytes: Uint8Array = new Uint8Array(0);
  /** Offset in the source of `bytes[0]`. */
  base: number;
  /** Index in `bytes` of the next byte; may lie beyond its end after a skip. */
  at = 0;
  private nextRead = FIRST_READ;
  private space: Uint8Array = new Uint8Array(0);

  /** @param recycled whether `bytes` is overwritten by the next `fill`: fresh memory for each read costs more than walking over it */
  constructor(
    private readonly source: RangedSource,
    offset = 0,
    private readonly recycled = false,
  ) {
    this.base = offset;
  }

  /** Offset in the source of the next byte. */
  get offset(): number {
    return this.base + this.at;
  }

  /** Makes at least `need` bytes available from `at` on; false where the source ends before. */
  async fill(need: number): Promise<boolean> {
    const left = this.bytes.length - this.at;
    if (left >= need) {
      return true;
    }
    const offset = this.offset;
    const kept = left > 0 ? this.bytes.subarray(this.at) : new Uint8Array(0);
    if (left < 0) {
      this.nextRead = FIRST_READ;
    }
    const wanted = Math.max(need - kept.length, this.nextRead);
    this.nextRead = Math.min(this.nextRead * 4, LARGEST_READ);
    const read = await this.source.read(offset + kept.length, Math.max(0, Math.min(wanted, this.source.size - offset - kept.length)));
    if (kept.length === 0) {
      this.bytes = read;
    } else {
      const joined = this.spaceOf(kept.length + read.length);
      joined.set(kept);
      joined.set(read, kept.length);
      this.bytes = joined;
    }
    this.base = offset;
    this.at = 0;
    return this.bytes.length >= need;
  }

  private spaceOf(length: number): Uint8Array {
    if (!this.recycled) {
      return new Uint8Array(length);
    }
    if (this.space.length < length) {
      // The next one keeps some bytes more or less of what was before it.
      this.space = new Uint8Array(length + FIRST_READ);
    }
    return this.space.subarray(0, length);
  }
}
