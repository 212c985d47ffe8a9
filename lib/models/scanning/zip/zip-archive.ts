import { inflateRawSync } from 'node:zlib';
import { wrongPath } from '../archive-path';
import { InflatedSource } from '../inflated-source';
import { BytesSource, readExact, SlicedSource, type RangedSource } from '../ranged-source';
import type { ScanContext } from '../scan-context';
import { ScanError } from '../scan-error';
import { readZipDirectory } from './zip-directory';
import { DESCRIPTOR, ENCRYPTED, type ZipEntry } from './zip-entry';

const LOCAL = 0x04034b50;
const LOCAL_LENGTH = 30;
const JUDGED_FROM = 1024 * 1024;
/** What an honest writer puts between a local name and the data: a 64-bit field and padding to a page. */
const LOCAL_EXTRA = 20 + 4 + 4096;
const DESCRIPTOR_LENGTH = 24;
const FORMAT_MASK = 0xf000;
const REGULAR = 0x8000;
const DIRECTORY = 0x4000;
const LINK = 0xa000;

/** A zip archive whose directory has been read and judged as a whole. */
export class ZipArchive {
  private constructor(
    private readonly source: RangedSource,
    private readonly context: ScanContext,
    /** In the order of the directory. */
    readonly entries: readonly ZipEntry[],
    /** Where the bytes of each entry must have ended. */
    private readonly limits: ReadonlyMap<ZipEntry, number>,
  ) {}

  /** Reads the directory and reports what is wrong with it. Throws `ScanError` where it cannot be read. */
  static async open(source: RangedSource, context: ScanContext): Promise<ZipArchive> {
    const { entries, start } = await readZipDirectory(source, context);
    const limits = new Map<ZipEntry, number>();
    const ordered = [...entries].sort((a, b) => a.headerOffset - b.headerOffset);
    if (ordered.length > 0 && ordered[0].headerOffset !== 0) {
      context.report('ARCHIVE_HIDDEN_DATA', 0, `${ordered[0].headerOffset} bytes in front of the first zip entry`);
    }
    ordered.forEach((entry, index) => {
      const limit = ordered[index + 1]?.headerOffset ?? start;
      limits.set(entry, limit);
      if (entry.headerOffset + LOCAL_LENGTH + entry.nameBytes.length + entry.compressedSize > limit) {
        context.report('ARCHIVE_OVERLAP', entry.recordOffset, `${entry.name} reaches into what follows it`);
      }
    });
    judgeNames(entries, context);
    return new ZipArchive(source, context, entries, limits);
  }

  /**
   * Whether an entry leaves no room for bytes outside its data beyond what padding needs, judged from the directory alone.
   *
   * Large archives of raw tensors are judged so, without one request for each tensor.
   */
  isTight(entry: ZipEntry): boolean {
    const end = entry.headerOffset + LOCAL_LENGTH + entry.nameBytes.length + entry.compressedSize;
    return entry.method === 0 && entry.compressedSize === entry.size && this.limits.get(entry)! - end <= LOCAL_EXTRA + DESCRIPTOR_LENGTH;
  }

  /** Gives the content of an entry, after its local header was compared with the directory. Throws `ScanError` where it cannot be read. */
  async use(entry: ZipEntry, judge: (content: RangedSource) => Promise<void>): Promise<void> {
    const content = await this.content(entry);
    try {
      await judge(content);
    } finally {
      if (content instanceof InflatedSource) {
        content.close();
      }
    }
  }

  private async content(entry: ZipEntry): Promise<RangedSource> {
    const { context } = this;
    const dataOffset = await this.dataOffset(entry);
    if ((entry.flags & ENCRYPTED) !== 0) {
      // Some loaders ignore the flag, so the bytes are judged as they are, too.
      context.report('ARCHIVE_ENCRYPTED', entry.recordOffset, entry.name);
    }
    const data = new SlicedSource(this.source, dataOffset, entry.compressedSize);
    if (entry.method === 0) {
      if (entry.size !== entry.compressedSize) {
        throw new ScanError('ARCHIVE_MISMATCH', entry.recordOffset, `${entry.name}: stored, but with two sizes`);
      }
      return data;
    }
    if (entry.method !== 8) {
      throw new ScanError('COMPRESSION_UNSUPPORTED', entry.recordOffset, `${entry.name}: zip method ${entry.method}`);
    }
    if (entry.size > JUDGED_FROM && entry.size > context.limits.ratio * Math.max(entry.compressedSize, 1)) {
      throw new ScanError('ARCHIVE_BOMB', entry.recordOffset, `${entry.name}: ${entry.size} bytes out of ${entry.compressedSize}`);
    }
    if (Math.max(entry.size, entry.compressedSize) > context.limits.heldBytes / 4) {
      return new InflatedSource(data, 'RAW', context, entry.size);
    }
    context.ledger.spend('inflatedBytes', entry.size);
    return new BytesSource(inflate(await readExact(data, 0, entry.compressedSize), entry));
  }

  private async dataOffset(entry: ZipEntry): Promise<number> {
    const header = await readExact(this.source, entry.headerOffset, LOCAL_LENGTH);
    const local = new DataView(header.buffer, header.byteOffset, LOCAL_LENGTH);
    if (local.getUint32(0, true) !== LOCAL) {
      throw new ScanError('ARCHIVE_MISMATCH', entry.headerOffset, `${entry.name}: no local header`);
    }
    const nameLength = local.getUint16(26, true);
    const name = await readExact(this.source, entry.headerOffset + LOCAL_LENGTH, nameLength);
    const sizes = [local.getUint32(22, true), local.getUint32(18, true)];
    const deferred = (local.getUint16(6, true) & DESCRIPTOR) !== 0;
    const agrees = (short: number, size: number): boolean => short === size || short === 0xffffffff || (deferred && short === 0);
    if (
      Buffer.compare(name, entry.nameBytes) !== 0 ||
      local.getUint16(8, true) !== entry.method ||
      !agrees(sizes[0], entry.size) ||
      !agrees(sizes[1], entry.compressedSize)
    ) {
      this.context.report('ARCHIVE_MISMATCH', entry.headerOffset, `${entry.name}: local header and directory disagree`);
    }
    const dataOffset = entry.headerOffset + LOCAL_LENGTH + nameLength + local.getUint16(28, true);
    const room = this.limits.get(entry)! - dataOffset - entry.compressedSize;
    if (room < 0) {
      throw new ScanError('ARCHIVE_OVERLAP', entry.headerOffset, `${entry.name} reaches into what follows it`);
    }
    if (room > DESCRIPTOR_LENGTH || (room > 0 && !deferred)) {
      this.context.report('ARCHIVE_HIDDEN_DATA', dataOffset + entry.compressedSize, `${room} bytes behind ${entry.name}`);
    }
    return dataOffset;
  }
}

function judgeNames(entries: readonly ZipEntry[], context: ScanContext): void {
  const seen = new Set<string>();
  for (const { name, mode, recordOffset } of entries) {
    const key = name.normalize('NFC').toLowerCase();
    if (seen.has(key)) {
      context.report('ARCHIVE_DUPLICATE', recordOffset, name);
    }
    seen.add(key);
    const wrong = wrongPath(name);
    if (wrong !== undefined) {
      context.report('ARCHIVE_PATH', recordOffset, `${name}: ${wrong}`);
    }
    const format = mode & FORMAT_MASK;
    if (format === LINK) {
      context.report('ARCHIVE_LINK', recordOffset, name);
    } else if (format !== 0 && format !== REGULAR && format !== DIRECTORY) {
      context.report('ARCHIVE_DEVICE', recordOffset, `${name}: mode ${mode.toString(8)}`);
    }
  }
}

function inflate(bytes: Uint8Array, entry: ZipEntry): Uint8Array {
  let inflated: Uint8Array;
  try {
    inflated = inflateRawSync(bytes, { maxOutputLength: Math.max(entry.size, 1) });
  } catch (error) {
    throw new ScanError('MALFORMED', entry.headerOffset, `${entry.name}: ${error instanceof Error ? error.message : 'not deflated'}`);
  }
  if (inflated.length !== entry.size) {
    throw new ScanError('ARCHIVE_MISMATCH', entry.headerOffset, `${entry.name}: ${inflated.length} bytes, ${entry.size} declared`);
  }
  return inflated;
}
