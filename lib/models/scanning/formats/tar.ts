import { wrongPath } from '../archive-path';
import { readExact, SlicedSource, type RangedSource } from '../ranged-source';
import type { ScanContext } from '../scan-context';
import { ScanError } from '../scan-error';
import { isTarHeader } from '../sniff';

const BLOCK = 512;
const MAX_EXTENDED = 1024 * 1024;
const MAX_PADDING = 64 * 1024 * 1024;
/** Extended header fields that change which file an entry is; any other one is ignored by readers or says nothing of content. */
const REFUSED_FIELDS = /^(?:GNU\.sparse\..*|linkpath|size)$/;

interface TarEntry {
  readonly name: string;
  readonly type: string;
  readonly size: number;
  readonly link: string;
}

/**
 * Walks a tar archive forwards: paths, links and device files are judged, every regular file is scanned by content.
 *
 * `code/` is where SageMaker looks for inference scripts, so it is reported.
 */
export async function scanTar(source: RangedSource, context: ScanContext): Promise<void> {
  const names = new Set<string>();
  let extendedName: string | undefined;
  for (let offset = 0; ; ) {
    const block = await source.read(offset, BLOCK);
    if (block.length < BLOCK) {
      if (block.length > 0 || offset === 0) {
        throw new ScanError('TRUNCATED', offset, 'tar header');
      }
      context.report('TRUNCATED', offset, 'tar without an end mark');
      return;
    }
    if (block.every((byte) => byte === 0)) {
      await judgeEnd(source, offset, context);
      return;
    }
    const entry = parseHeader(block, offset);
    const dataOffset = offset + BLOCK;
    context.ledger.spend('entries', 1);
    if (entry.type === 'x' || entry.type === 'g' || entry.type === 'L' || entry.type === 'K') {
      extendedName = (await extended(source, entry, dataOffset, context)) ?? extendedName;
    } else {
      const name = extendedName ?? entry.name;
      extendedName = undefined;
      judgeEntry({ ...entry, name }, offset, names, context);
      if (entry.type === '0' || entry.type === '\0' || entry.type === '7') {
        await context.descend(name, new SlicedSource(source, dataOffset, entry.size));
      }
    }
    offset = dataOffset + Math.ceil(entry.size / BLOCK) * BLOCK;
  }
}

function judgeEntry(entry: TarEntry, offset: number, names: Set<string>, context: ScanContext): void {
  const { name, type } = entry;
  // `./` in front is how tar writes the members of the current folder.
  const path = name.replace(/^(?:\.\/)+/, '').replace(/\/$/, '');
  const wrong = path === '' ? undefined : wrongPath(path);
  if (wrong !== undefined) {
    context.report('ARCHIVE_PATH', offset, `${name}: ${wrong}`);
  }
  if (type === '1' || type === '2') {
    context.report('ARCHIVE_LINK', offset, `${name} -> ${entry.link}`);
  } else if (type === '3' || type === '4' || type === '6') {
    context.report('ARCHIVE_DEVICE', offset, `${name}: type ${type}`);
  } else if (!['0', '\0', '5', '7'].includes(type)) {
    throw new ScanError('MALFORMED', offset, `${name}: tar entry type ${type}`);
  }
  if (type !== '5') {
    if (names.has(path)) {
      context.report('ARCHIVE_DUPLICATE', offset, name);
    }
    names.add(path);
    if (/^code\//.test(path)) {
      context.report('INFERENCE_CODE', offset, name);
    }
  } else if (entry.size !== 0) {
    throw new ScanError('MALFORMED', offset, `${name}: folder with content`);
  }
}

function parseHeader(block: Uint8Array, offset: number): TarEntry {
  if (!isTarHeader(block)) {
    throw new ScanError('MALFORMED', offset, 'tar header checksum');
  }
  const bytes = Buffer.from(block);
  const text = (from: number, length: number): string => {
    const end = bytes.subarray(from, from + length).indexOf(0);
    return bytes.toString('utf8', from, from + (end < 0 ? length : end));
  };
  const size = /^ *([0-7]{1,12})[ \0]*$/.exec(bytes.toString('latin1', 124, 136))?.[1];
  const wide = bytes[124] === 0x80 ? Number(bytes.readBigUInt64BE(128)) : undefined;
  const length = wide ?? (size === undefined ? undefined : parseInt(size, 8));
  if (length === undefined || !Number.isSafeInteger(length) || (wide !== undefined && bytes.readUInt32BE(124) !== 0x80000000)) {
    throw new ScanError('MALFORMED', offset, 'tar size');
  }
  const prefix = bytes.toString('latin1', 257, 263) === 'ustar\0' ? text(345, 155) : '';
  const type = String.fromCharCode(bytes[156]);
  const name = prefix === '' ? text(0, 100) : `${prefix}/${text(0, 100)}`;
  // Readers skip no content behind links and devices, whatever their size field says; a size there hides a header.
  if (length !== 0 && ['1', '2', '3', '4', '6'].includes(type)) {
    throw new ScanError('ARCHIVE_MISMATCH', offset, `${name}: type ${type} with a size`);
  }
  return { name, type, size: length, link: text(157, 100) };
}

/** Reads a long name: GNU's own entries, or the `path` of a POSIX extended header. */
async function extended(source: RangedSource, entry: TarEntry, offset: number, context: ScanContext): Promise<string | undefined> {
  if (entry.size > MAX_EXTENDED) {
    throw new ScanError('LIMIT_EXCEEDED', offset, `tar extended header of ${entry.size} bytes`);
  }
  const bytes = Buffer.from(await readExact(source, offset, entry.size));
  if (entry.type === 'L') {
    const end = bytes.indexOf(0);
    return bytes.toString('utf8', 0, end < 0 ? bytes.length : end);
  }
  if (entry.type === 'K') {
    return undefined;
  }
  let path: string | undefined;
  for (let at = 0; at < bytes.length;) {
    const record = /^(\d{1,7}) ([^=\n]{1,256})=/.exec(bytes.toString('utf8', at, at + 300));
    const length = Number(record?.[1] ?? 0);
    if (record === null || at + length > bytes.length || length < record[0].length + 1 || bytes[at + length - 1] !== 10) {
      throw new ScanError('MALFORMED', offset + at, 'tar extended header');
    }
    const key = record[2];
    const value = bytes.subarray(at, at + length - 1).toString('utf8').slice(record[0].length);
    if (REFUSED_FIELDS.test(key) || (entry.type === 'g' && key === 'path')) {
      context.report('ARCHIVE_MISMATCH', offset + at, `tar extended header ${key}`);
    }
    path = key === 'path' ? value : path;
    at += length;
  }
  return entry.type === 'x' ? path : undefined;
}

/** Behind the first empty block only empty blocks may follow: some readers go on behind it. */
async function judgeEnd(source: RangedSource, start: number, context: ScanContext): Promise<void> {
  for (let offset = start; ;) {
    if (offset - start > MAX_PADDING) {
      throw new ScanError('LIMIT_EXCEEDED', offset, `more than ${MAX_PADDING} empty bytes behind the end of the tar`);
    }
    const bytes = await source.read(offset, 256 * 1024);
    if (bytes.length === 0) {
      return;
    }
    if (!bytes.every((byte) => byte === 0)) {
      context.report('ARCHIVE_HIDDEN_DATA', offset, 'something behind the end of the tar');
      return;
    }
    offset += bytes.length;
  }
}
