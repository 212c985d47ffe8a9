import { Readable } from 'node:stream';
import { createGunzip, createInflate, createInflateRaw, type Gunzip } from 'node:zlib';
import type { RangedSource } from './ranged-source';
import type { ScanContext } from './scan-context';
import { ScanError } from './scan-error';

/** How the bytes were compressed. */
export type Deflate = 'GZIP' | 'ZLIB' | 'RAW';

const INPUT_CHUNK = 256 * 1024;
const HEAD = 256 * 1024;
const HISTORY = 1024 * 1024;
const JUDGED_FROM = 1024 * 1024;

/**
 * The decompressed form of a source, read forwards. It keeps its head and what it gave last; a read before that starts again from the
 * front, and everything decompressed counts against the limits of the scan.
 */
export class InflatedSource implements RangedSource {
  private decoder: Gunzip | undefined;
  private chunks: AsyncIterator<Buffer> | undefined;
  private history = Buffer.alloc(0);
  private historyStart = 0;
  private head = Buffer.alloc(0);
  private ended = false;
  private consumedBefore = 0;

  /**
   * @param size decompressed length where an archive declares it; otherwise an upper bound, and reads end early.
   */
  constructor(
    private readonly source: RangedSource,
    private readonly deflate: Deflate,
    private readonly context: ScanContext,
    readonly size: number = context.limits.inflatedBytes,
  ) {}

  async read(offset: number, length: number): Promise<Uint8Array> {
    const wanted = Math.min(length, this.size - offset);
    if (wanted <= 0) {
      return new Uint8Array(0);
    }
    if (wanted > this.context.limits.heldBytes) {
      throw new ScanError('LIMIT_EXCEEDED', offset, `${wanted} bytes to hold, the limit is ${this.context.limits.heldBytes}`);
    }
    if (offset + wanted <= this.head.length) {
      return this.head.subarray(offset, offset + wanted);
    }
    if (offset < this.historyStart) {
      this.restart();
    }
    const parts: Buffer[] = [];
    let filled = 0;
    for (;;) {
      const from = offset + filled - this.historyStart;
      if (from < this.history.length) {
        const part = this.history.subarray(from, from + wanted - filled);
        parts.push(part);
        filled += part.length;
      }
      if (filled === wanted || !(await this.advance())) {
        return parts.length === 1 ? parts[0] : Buffer.concat(parts);
      }
    }
  }

  /** Decompresses to the end. Gives the decompressed length, and where in the compressed source the end was found. */
  async finish(): Promise<{ length: number; consumed: number }> {
    while (await this.advance()) {
      // `advance` counts and judges
    }
    const length = this.historyStart + this.history.length;
    const consumed = this.consumedBefore;
    return { length, consumed };
  }

  /** Frees the decoder. */
  close(): void {
    this.decoder?.destroy();
    this.decoder = undefined;
    this.chunks = undefined;
  }

  private restart(): void {
    this.close();
    this.history = Buffer.alloc(0);
    this.historyStart = 0;
    this.ended = false;
  }

  private async advance(): Promise<boolean> {
    if (this.ended) {
      return false;
    }
    this.chunks ??= this.start();
    let next: IteratorResult<Buffer>;
    try {
      next = await this.chunks.next();
    } catch (error) {
      if (error instanceof ScanError) {
        throw error;
      }
      const message = error instanceof Error ? error.message : 'unknown';
      throw new ScanError('MALFORMED', this.historyStart + this.history.length, `${this.deflate} data: ${message}`);
    }
    this.consumedBefore = this.decoder?.bytesWritten ?? this.consumedBefore;
    if (next.done === true) {
      this.ended = true;
      this.close();
      return false;
    }
    this.accept(next.value);
    return true;
  }

  private accept(chunk: Buffer): void {
    this.context.ledger.spend('inflatedBytes', chunk.length);
    const end = this.historyStart + this.history.length;
    if (end < HEAD && this.head.length === end) {
      this.head = Buffer.concat([this.head, chunk.subarray(0, HEAD - end)]);
    }
    const kept = this.history.length > HISTORY ? this.history.subarray(this.history.length - HISTORY / 2) : this.history;
    this.historyStart = end - kept.length;
    this.history = Buffer.concat([kept, chunk]);
    const produced = end + chunk.length;
    if (produced > JUDGED_FROM && produced > this.context.limits.ratio * Math.max(this.consumedBefore, 1)) {
      throw new ScanError('ARCHIVE_BOMB', 0, `${produced} bytes out of ${this.consumedBefore}`);
    }
    if (produced > this.size) {
      throw new ScanError('ARCHIVE_MISMATCH', 0, `more than the declared ${this.size} bytes`);
    }
  }

  private start(): AsyncIterator<Buffer> {
    const options = { chunkSize: 128 * 1024 };
    const create = { GZIP: createGunzip, ZLIB: createInflate, RAW: createInflateRaw }[this.deflate];
    const decoder = create(options);
    this.decoder = decoder;
    const input = Readable.from(this.input(), { objectMode: true, highWaterMark: 1 });
    input.on('error', (error) => decoder.destroy(error));
    decoder.on('close', () => input.destroy());
    input.pipe(decoder);
    return decoder[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  private async *input(): AsyncGenerator<Uint8Array> {
    for (let offset = 0; offset < this.source.size;) {
      const bytes = await this.source.read(offset, Math.min(INPUT_CHUNK, this.source.size - offset));
      if (bytes.length === 0) {
        return;
      }
      offset += bytes.length;
      yield bytes;
    }
  }
}
