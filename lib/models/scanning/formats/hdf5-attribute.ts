import { readExact, type RangedSource } from '../ranged-source';
import { ScanError } from '../scan-error';
import { hdf5Address, type Hdf5Message } from './hdf5-object';

/** An attribute: its name, and its bytes where it is one text. */
export interface Hdf5Attribute {
  readonly name: string;
  /** Undefined for numbers, lists and everything else that is no single text. */
  readonly text: Buffer | undefined;
}

const FIXED_TEXT = 3;
const VARIABLE = 9;
const MAX_TEXT = 16 * 1024 * 1024;

/** Reads an attribute message of version 1 to 3. Throws `ScanError`. */
export async function readHdf5Attribute(source: RangedSource, message: Hdf5Message): Promise<Hdf5Attribute> {
  const { data, offset } = message;
  const version = data[0];
  if (data.length < 9 || version < 1 || version > 3) {
    throw new ScanError('MALFORMED', offset, `HDF5 attribute version ${version}`);
  }
  const pad = (length: number): number => (version === 1 ? Math.ceil(length / 8) * 8 : length);
  const nameLength = data.readUInt16LE(2);
  const nameAt = version === 3 ? 9 : 8;
  const typeAt = nameAt + pad(nameLength);
  const spaceAt = typeAt + pad(data.readUInt16LE(4));
  const valueAt = spaceAt + pad(data.readUInt16LE(6));
  if (valueAt > data.length || typeAt + 8 > data.length) {
    throw new ScanError('MALFORMED', offset, 'HDF5 attribute');
  }
  const name = data.toString('utf8', nameAt, nameAt + nameLength).split('\0', 1)[0];
  if (version > 1 && (data[1] & 3) !== 0) {
    throw new ScanError('HDF5_UNREAD', offset, `attribute ${name} of a shared type`);
  }
  const kind = data[typeAt] & 0x0f;
  const single = data[spaceAt + 1] === 0;
  if (!single || (kind !== FIXED_TEXT && kind !== VARIABLE)) {
    return { name, text: undefined };
  }
  if (kind === FIXED_TEXT) {
    return { name, text: data.subarray(valueAt, valueAt + data.readUInt32LE(typeAt + 4)) };
  }
  return (data[typeAt + 1] & 0x0f) === 1 ? { name, text: await heapText(source, data, valueAt, offset) } : { name, text: undefined };
}

/** A text of variable length lies in a global heap, under an index. */
async function heapText(source: RangedSource, data: Buffer, at: number, offset: number): Promise<Buffer> {
  const length = at + 16 <= data.length ? data.readUInt32LE(at) : 0;
  const heap = length === 0 ? undefined : hdf5Address(data, at + 4);
  if (heap === undefined) {
    return Buffer.alloc(0);
  }
  const head = Buffer.from(await readExact(source, heap, 16));
  const size = Number(head.readBigUInt64LE(8));
  if (head.toString('latin1', 0, 4) !== 'GCOL' || length > MAX_TEXT || size > 2 * MAX_TEXT) {
    throw new ScanError('MALFORMED', offset, `HDF5 global heap at ${heap}`);
  }
  const wanted = data.readUInt32LE(at + 12);
  const bytes = Buffer.from(await readExact(source, heap, size));
  for (let entry = 16; entry + 16 <= bytes.length;) {
    const index = bytes.readUInt16LE(entry);
    const entryLength = Number(bytes.readBigUInt64LE(entry + 8));
    if (index === 0 || entry + 16 + entryLength > bytes.length) {
      break;
    }
    if (index === wanted) {
      return bytes.subarray(entry + 16, entry + 16 + Math.min(length, entryLength));
    }
    entry += 16 + Math.ceil(entryLength / 8) * 8;
  }
  throw new ScanError('MALFORMED', offset, `HDF5 global heap without entry ${wanted}`);
}
