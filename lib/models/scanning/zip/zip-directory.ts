import { readExact, type RangedSource } from '../ranged-source';
import type { ScanContext } from '../scan-context';
import { ScanError } from '../scan-error';
import type { ZipEntry } from './zip-entry';

const END64 = 0x06064b50;
const LOCATOR64 = 0x07064b50;
const RECORD = 0x02014b50;
const END_LENGTH = 22;
const LOCATOR_LENGTH = 20;
const TAIL = END_LENGTH + 0xffff;
const UNICODE_PATH = 0x7075;

/** The entries of a zip archive and where their directory lies. */
export interface ZipDirectory {
  readonly entries: readonly ZipEntry[];
  readonly start: number;
  /** Bytes in front of the archive that its offsets do not count. */
  readonly prefix: number;
}

interface EndRecord {
  readonly at: number;
  readonly count: number;
  readonly size: number;
  readonly offset: number;
  /** Where the directory must end: at this record, or at the 64-bit one. */
  readonly directoryEnd: number;
  /** Bytes of the file behind the record and its comment. */
  readonly trailing: number;
}

/** Whether a file ends like a zip archive that a lenient reader would open; the front of the file does not matter. */
export async function endsAsZip(source: RangedSource): Promise<boolean> {
  const end = await findEnd(source);
  if (end === undefined) {
    return false;
  }
  if (end.count === 0) {
    return end.size === 0 && end.trailing === 0;
  }
  for (const start of [end.directoryEnd - end.size, end.offset]) {
    if (start >= 0 && start + 4 <= source.size && view(await readExact(source, start, 4)).getUint32(0, true) === RECORD) {
      return true;
    }
  }
  return false;
}

/** Reads the directory. Reports what readers disagree about and throws `ScanError` where it cannot be read. */
export async function readZipDirectory(source: RangedSource, context: ScanContext): Promise<ZipDirectory> {
  const end = await findEnd(source);
  if (end === undefined) {
    throw new ScanError('MALFORMED', source.size, 'zip without an end record');
  }
  if (end.trailing !== 0) {
    context.report('ARCHIVE_HIDDEN_DATA', source.size - Math.max(end.trailing, 0), `${end.trailing} bytes behind the zip`);
  }
  const start = end.directoryEnd - end.size;
  if (start < 0 || end.size > context.limits.heldBytes) {
    throw new ScanError(start < 0 ? 'MALFORMED' : 'LIMIT_EXCEEDED', end.at, `zip directory of ${end.size} bytes`);
  }
  const prefix = start - end.offset;
  if (prefix !== 0) {
    context.report('ARCHIVE_MISMATCH', start, `zip offsets are wrong by ${prefix}; readers choose different entries`);
  }
  const bytes = await readExact(source, start, end.size);
  const entries = parseRecords(bytes, start, prefix, context);
  if (entries.length !== end.count) {
    context.report('ARCHIVE_MISMATCH', end.at, `${end.count} zip entries declared, ${entries.length} found`);
  }
  return { entries, start, prefix };
}

async function findEnd(source: RangedSource): Promise<EndRecord | undefined> {
  if (source.size < END_LENGTH) {
    return undefined;
  }
  const tailStart = Math.max(0, source.size - TAIL);
  const tail = Buffer.from(await readExact(source, tailStart, source.size - tailStart));
  const index = tail.lastIndexOf('PK\x05\x06', tail.length - END_LENGTH, 'latin1');
  if (index < 0) {
    return undefined;
  }
  const at = tailStart + index;
  const trailing = tail.length - index - END_LENGTH - tail.readUInt16LE(index + 20);
  const record: EndRecord = {
    at,
    count: tail.readUInt16LE(index + 10),
    size: tail.readUInt32LE(index + 12),
    offset: tail.readUInt32LE(index + 16),
    directoryEnd: at,
    trailing,
  };
  return at >= LOCATOR_LENGTH ? ((await findEnd64(source, record)) ?? record) : record;
}

async function findEnd64(source: RangedSource, record: EndRecord): Promise<EndRecord | undefined> {
  const locator = view(await readExact(source, record.at - LOCATOR_LENGTH, LOCATOR_LENGTH));
  if (locator.getUint32(0, true) !== LOCATOR64) {
    return undefined;
  }
  // Python looks directly in front of the locator, others follow its offset: only where both agree is it read.
  const at = record.at - LOCATOR_LENGTH - 56;
  const declared = safe(locator, 8, record.at);
  if (at < 0 || declared !== at) {
    throw new ScanError('ARCHIVE_MISMATCH', record.at, `zip64 end record expected at ${at}, declared at ${declared}`);
  }
  const end = view(await readExact(source, at, 56));
  if (end.getUint32(0, true) !== END64 || safe(end, 4, at) !== 44) {
    throw new ScanError('MALFORMED', at, 'zip64 end record');
  }
  const merged: EndRecord = { ...record, count: safe(end, 32, at), size: safe(end, 40, at), offset: safe(end, 48, at), directoryEnd: at };
  const agree = (short: number, mark: number, long: number): boolean => short === mark || short === long;
  const wide = [merged.size, merged.offset];
  const short = [record.size, record.offset];
  if (!agree(record.count, 0xffff, merged.count) || !short.every((value, index) => agree(value, 0xffffffff, wide[index]))) {
    throw new ScanError('ARCHIVE_MISMATCH', at, 'the two zip end records disagree');
  }
  return merged;
}

function parseRecords(bytes: Uint8Array, start: number, prefix: number, context: ScanContext): ZipEntry[] {
  const data = view(bytes);
  const entries: ZipEntry[] = [];
  for (let at = 0; at < bytes.length;) {
    if (at + 46 > bytes.length || data.getUint32(at, true) !== RECORD) {
      throw new ScanError('MALFORMED', start + at, 'zip directory record');
    }
    const nameLength = data.getUint16(at + 28, true);
    const extraLength = data.getUint16(at + 30, true);
    const next = at + 46 + nameLength + extraLength + data.getUint16(at + 32, true);
    if (next > bytes.length) {
      throw new ScanError('TRUNCATED', start + at, 'zip directory record');
    }
    context.ledger.spend('entries', 1);
    const extra = view(bytes.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength));
    const short = [24, 20, 42].map((field) => data.getUint32(at + field, true));
    const wide = readExtra(extra, start + at, context, short);
    const nameBytes = bytes.subarray(at + 46, at + 46 + nameLength);
    entries.push({
      name: Buffer.from(nameBytes).toString('utf8'),
      nameBytes,
      flags: data.getUint16(at + 8, true),
      method: data.getUint16(at + 10, true),
      size: wide[0],
      compressedSize: wide[1],
      headerOffset: wide[2] + prefix,
      // The mode counts whatever system the record claims to come from: readers differ in asking.
      mode: data.getUint32(at + 38, true) >>> 16,
      recordOffset: start + at,
    });
    at = next;
  }
  return entries;
}

/** Takes size, compressed size and offset from the 64-bit extra field where the short ones are all ones. */
function readExtra(extra: DataView, offset: number, context: ScanContext, short: readonly number[]): number[] {
  let wide = [...short];
  let found = false;
  for (let at = 0; at + 4 <= extra.byteLength;) {
    const id = extra.getUint16(at, true);
    const length = extra.getUint16(at + 2, true);
    if (at + 4 + length > extra.byteLength) {
      throw new ScanError('MALFORMED', offset, 'zip extra field');
    }
    if (id === UNICODE_PATH) {
      context.report('ARCHIVE_MISMATCH', offset, 'second name in a Unicode path field');
    }
    if (id === 1) {
      if (found) {
        throw new ScanError('ARCHIVE_MISMATCH', offset, 'two zip64 fields');
      }
      found = true;
      let from = at + 4;
      wide = short.map((value) => {
        if (value !== 0xffffffff) {
          return value;
        }
        if (from + 8 > at + 4 + length) {
          throw new ScanError('MALFORMED', offset, 'zip64 field too short');
        }
        from += 8;
        return safe(extra, from - 8, offset);
      });
    }
    at += 4 + length;
  }
  return wide;
}

function safe(data: DataView, at: number, offset: number): number {
  const value = data.getBigUint64(at, true);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new ScanError('MALFORMED', offset, `64-bit value ${value}`);
  }
  return Number(value);
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
