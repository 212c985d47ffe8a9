import { ByteWindow } from './pickle/byte-window';
import type { RangedSource } from './ranged-source';
import { ScanError } from './scan-error';

/** Reads numbers and texts one after another from a source; long stretches are skipped, not read. Throws `TRUNCATED`. */
export class ByteCursor {
  private readonly window: ByteWindow;
  private view: DataView = new DataView(new ArrayBuffer(0));

  constructor(
    private readonly source: RangedSource,
    offset = 0,
  ) {
    this.window = new ByteWindow(source, offset);
  }

  /** Offset of the next byte. */
  get offset(): number {
    return this.window.offset;
  }

  /** Moves to an offset at or behind this one. */
  seek(offset: number): void {
    this.skip(offset - this.offset);
  }

  /** Moves forward. */
  skip(length: number): void {
    if (length < 0 || this.offset + length > this.source.size) {
      throw new ScanError('TRUNCATED', this.offset, `${length} bytes to skip, the source ends before`);
    }
    this.window.at += length;
  }

  /** The next bytes, valid until the next call. */
  async bytes(length: number): Promise<Uint8Array> {
    await this.need(length);
    const { bytes, at } = this.window;
    this.window.at += length;
    return bytes.subarray(at, at + length);
  }

  async u8(): Promise<number> {
    await this.need(1);
    return this.window.bytes[this.window.at++];
  }

  async u32(): Promise<number> {
    await this.need(4);
    this.window.at += 4;
    return this.view.getUint32(this.window.at - 4, true);
  }

  /** An unsigned 64-bit number. Throws `MALFORMED` beyond 2^53. */
  async u64(): Promise<number> {
    await this.need(8);
    this.window.at += 8;
    const value = this.view.getBigUint64(this.window.at - 8, true);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) {
      throw new ScanError('MALFORMED', this.offset - 8, `64-bit value ${value}`);
    }
    return Number(value);
  }

  /** A protobuf varint as a number; bits beyond 53 are lost, the length is judged. */
  async varint(): Promise<number> {
    let value = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = await this.u8();
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) {
        return value;
      }
    }
    throw new ScanError('MALFORMED', this.offset, 'varint longer than 10 bytes');
  }

  private async need(length: number): Promise<void> {
    const { window } = this;
    if (window.at + length > window.bytes.length && !(await window.fill(length))) {
      throw new ScanError('TRUNCATED', this.offset, `${length} bytes expected, the source ends before`);
    }
    if (this.view.buffer !== window.bytes.buffer || this.view.byteOffset !== window.bytes.byteOffset) {
      this.view = new DataView(window.bytes.buffer, window.bytes.byteOffset, window.bytes.byteLength);
    }
  }
}
