import { readExact, type RangedSource } from '../ranged-source';
import type { ScanContext } from '../scan-context';
import { ScanError } from '../scan-error';

/** One message of an object header: what HDF5 builds groups, datasets and attributes from. */
export interface Hdf5Message {
  readonly type: number;
  readonly flags: number;
  readonly offset: number;
  readonly data: Buffer;
}

const CONTINUATION = 0x10;
const MAX_BLOCKS = 1000;

/** Reads all messages of an object header of either version, continuation blocks included. Throws `ScanError`. */
export async function readHdf5Object(source: RangedSource, address: number, context: ScanContext): Promise<Hdf5Message[]> {
  const start = await readExact(source, address, 16);
  if (Buffer.from(start).toString('latin1', 0, 4) === 'OHDR') {
    return new ObjectReader(source, context, true).readV2(address, Buffer.from(start));
  }
  return new ObjectReader(source, context, false).readV1(address, Buffer.from(start));
}

class ObjectReader {
  private readonly messages: Hdf5Message[] = [];
  private readonly blocks: { at: number; length: number }[] = [];
  private ordered = false;
  private read = 0;

  constructor(
    private readonly source: RangedSource,
    private readonly context: ScanContext,
    private readonly compact: boolean,
  ) {}

  async readV1(address: number, start: Buffer): Promise<Hdf5Message[]> {
    if (start[0] !== 1) {
      throw new ScanError('MALFORMED', address, `HDF5 object header version ${start[0]}`);
    }
    this.blocks.push({ at: address + 16, length: start.readUInt32LE(8) });
    return this.readBlocks();
  }

  async readV2(address: number, start: Buffer): Promise<Hdf5Message[]> {
    const flags = start[5];
    if (start[4] !== 2) {
      throw new ScanError('MALFORMED', address, `HDF5 object header version ${start[4]}`);
    }
    this.ordered = (flags & 0x04) !== 0;
    const sizeAt = address + 6 + ((flags & 0x20) !== 0 ? 16 : 0) + ((flags & 0x10) !== 0 ? 4 : 0);
    const width = 1 << (flags & 3);
    const size = Buffer.from(await readExact(this.source, sizeAt, width));
    this.blocks.push({ at: sizeAt + width, length: width === 8 ? Number(size.readBigUInt64LE()) : size.readUIntLE(0, width) });
    return this.readBlocks();
  }

  private async readBlocks(): Promise<Hdf5Message[]> {
    for (let block = this.blocks.shift(); block !== undefined; block = this.blocks.shift()) {
      this.read += 1;
      if (this.read > MAX_BLOCKS || block.length > this.context.limits.heldBytes) {
        throw new ScanError('LIMIT_EXCEEDED', block.at, `HDF5 object header of ${block.length} bytes, block ${this.read}`);
      }
      this.readBlock(block.at, Buffer.from(await readExact(this.source, block.at, block.length)));
    }
    return this.messages;
  }

  private readBlock(offset: number, bytes: Buffer): void {
    const head = this.compact ? (this.ordered ? 6 : 4) : 8;
    for (let at = 0; at + head <= bytes.length;) {
      this.context.ledger.spend('nodes', 1);
      const type = this.compact ? bytes[at] : bytes.readUInt16LE(at);
      const size = bytes.readUInt16LE(at + (this.compact ? 1 : 2));
      const flags = bytes[at + (this.compact ? 3 : 4)];
      if (at + head + size > bytes.length) {
        throw new ScanError('MALFORMED', offset + at, `HDF5 message of ${size} bytes`);
      }
      const data = bytes.subarray(at + head, at + head + size);
      if (type === CONTINUATION) {
        this.continue(offset + at, data);
      } else {
        this.messages.push({ type, flags, offset: offset + at, data });
      }
      at += head + size;
    }
  }

  private continue(offset: number, data: Buffer): void {
    if (data.length < 16) {
      throw new ScanError('MALFORMED', offset, 'HDF5 continuation');
    }
    const at = hdf5Address(data, 0);
    const length = Number(data.readBigUInt64LE(8));
    if (at === undefined || (this.compact && length < 8)) {
      throw new ScanError('MALFORMED', offset, 'HDF5 continuation');
    }
    // Blocks of the newer version have a signature in front and a checksum behind.
    this.blocks.push(this.compact ? { at: at + 4, length: length - 8 } : { at, length });
  }
}

/** A file address; undefined where it is the one that stands for none. Throws beyond 2^53. */
export function hdf5Address(bytes: Buffer, at: number): number | undefined {
  if (at + 8 > bytes.length) {
    throw new ScanError('MALFORMED', at, 'HDF5 address');
  }
  const value = bytes.readBigUInt64LE(at);
  if (value === 0xffffffffffffffffn) {
    return undefined;
  }
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new ScanError('MALFORMED', at, `HDF5 address ${value}`);
  }
  return Number(value);
}
