import { BytesSource } from '../scanning/ranged-source';

/** A source over bytes in memory that counts what is read, to show the cost of a scan. */
export class MemorySource extends BytesSource {
  /** Number of reads so far. */
  reads = 0;
  /** Bytes read so far. */
  bytesRead = 0;

  override async read(offset: number, length: number): Promise<Uint8Array> {
    const bytes = await super.read(offset, length);
    this.reads += 1;
    this.bytesRead += bytes.length;
    return bytes;
  }
}
