import { probePickle } from '../pickle/scan-pickle';
import { BytesSource, readExact, type RangedSource } from '../ranged-source';
import type { ScanContext } from '../scan-context';
import { ScanError } from '../scan-error';
import { parseStrictJson } from '../strict-json';
import { readHdf5Attribute } from './hdf5-attribute';
import { hdf5Address, readHdf5Object, type Hdf5Message } from './hdf5-object';
import { scanKerasConfig } from './keras-config';

const Message = {
  LINK_INFO: 0x02, LINK: 0x06, EXTERNAL_FILES: 0x07, LAYOUT: 0x08, FILTERS: 0x0b, ATTRIBUTE: 0x0c, SYMBOL_TABLE: 0x11, DRIVER: 0x14,
  ATTRIBUTE_INFO: 0x15,
} as const;
const LAST_MESSAGE = 0x18;
const SHARED = 0x02;
const CACHED_GROUP = 1;
const MAX_DEPTH = 64;
/** deflate, shuffle, fletcher32, szip, nbit, scaleoffset, lzf: filters that need no plugin. */
const FILTERS: ReadonlySet<number> = new Set([0, 1, 2, 3, 4, 5, 6, 32000]);

/**
 * Walks every group, dataset and attribute of an HDF5 file from the root. Whatever reaches into other files is dangerous, Keras
 * configurations in attributes are judged, and structures that are not read make the file unscannable. Array contents are numbers.
 */
export async function scanHdf5(source: RangedSource, context: ScanContext): Promise<void> {
  await new Hdf5Walk(source, context).run();
}

class Hdf5Walk {
  private readonly seen = new Set<number>();
  private readonly pending: number[] = [];

  constructor(
    private readonly source: RangedSource,
    private readonly context: ScanContext,
  ) {}

  async run(): Promise<void> {
    await this.superblock();
    for (let address = this.pending.pop(); address !== undefined; address = this.pending.pop()) {
      if (!this.seen.has(address)) {
        this.seen.add(address);
        for (const message of await readHdf5Object(this.source, address, this.context)) {
          await this.message(message);
        }
      }
    }
  }

  private async superblock(): Promise<void> {
    const head = Buffer.from(await readExact(this.source, 0, Math.min(128, this.source.size)));
    if (head.toString('latin1', 0, 4) !== '\x89HDF') {
      throw new ScanError('HDF5_UNREAD', 0, 'user block in front of the HDF5 data');
    }
    const version = head[8];
    const newer = version === 2 || version === 3;
    if (version > 3 || head.length < (newer ? 48 : 96)) {
      throw new ScanError('HDF5_UNREAD', 8, `HDF5 superblock version ${version}`);
    }
    const [offsets, lengths] = newer ? [head[9], head[10]] : [head[13], head[14]];
    if (offsets !== 8 || lengths !== 8) {
      throw new ScanError('HDF5_UNREAD', 9, `HDF5 addresses of ${offsets} and lengths of ${lengths} bytes`);
    }
    const at = newer ? 12 : version === 1 ? 28 : 24;
    const [base, extension, end, driver] = [0, 8, 16, 24].map((step) => hdf5Address(head, at + step));
    if (base !== 0) {
      throw new ScanError('HDF5_UNREAD', at, `HDF5 base address ${String(base)}`);
    }
    if (end !== this.source.size) {
      const code = end === undefined || end > this.source.size ? 'TRUNCATED' : 'TRAILING_DATA';
      this.context.report(code, at + 16, `HDF5 ends at ${String(end)}`);
    }
    if (newer) {
      this.follow(driver);
      this.follow(extension);
    } else {
      if (driver !== undefined) {
        this.context.report('HDF5_EXTERNAL', at + 24, 'file driver that opens other files');
      }
      await this.symbol(head.subarray(at + 32));
    }
  }

  private follow(address: number | undefined): void {
    if (address !== undefined) {
      this.pending.push(address);
    }
  }

  private async message(message: Hdf5Message): Promise<void> {
    const { type, flags, offset, data } = message;
    if (type > LAST_MESSAGE) {
      throw new ScanError('HDF5_UNREAD', offset, `HDF5 message type ${type}`);
    }
    if ((flags & SHARED) !== 0 && type !== 0x03) {
      throw new ScanError('HDF5_UNREAD', offset, `shared HDF5 message of type ${type}`);
    }
    switch (type) {
      case Message.SYMBOL_TABLE: await this.groupTree(hdf5Address(data, 0), 0); break;
      case Message.LINK_INFO: this.refuseDense(data, (data[1] & 1) !== 0 ? 10 : 2, offset, 'links'); break;
      case Message.ATTRIBUTE_INFO: this.refuseDense(data, (data[1] & 1) !== 0 ? 4 : 2, offset, 'attributes'); break;
      case Message.LINK: this.link(data, offset); break;
      case Message.EXTERNAL_FILES: this.context.report('HDF5_EXTERNAL', offset, 'dataset stored in other files'); break;
      case Message.DRIVER: this.context.report('HDF5_EXTERNAL', offset, 'file driver that opens other files'); break;
      case Message.LAYOUT: this.layout(data, offset); break;
      case Message.FILTERS: this.filters(data, offset); break;
      case Message.ATTRIBUTE: await this.attribute(message); break;
      default:
    }
  }

  private refuseDense(data: Buffer, at: number, offset: number, what: string): void {
    if (hdf5Address(data, at) !== undefined) {
      throw new ScanError('HDF5_UNREAD', offset, `${what} in a fractal heap`);
    }
  }

  private layout(data: Buffer, offset: number): void {
    const version = data[0];
    const kind = version >= 3 ? data[1] : data[2];
    if (version < 1 || version > 5 || kind > 3) {
      throw new ScanError('HDF5_UNREAD', offset, `HDF5 layout version ${version}, class ${kind}`);
    }
    if (kind === 3) {
      this.context.report('HDF5_EXTERNAL', offset, 'virtual dataset over other files');
    }
  }

  private filters(data: Buffer, offset: number): void {
    const version = data[0];
    for (let index = 0, at = version === 1 ? 8 : 2; index < data[1]; index += 1) {
      if (at + 8 > data.length) {
        throw new ScanError('MALFORMED', offset, 'HDF5 filters');
      }
      const id = data.readUInt16LE(at);
      if (!FILTERS.has(id)) {
        this.context.report('GRAPH_CUSTOM_OPERATOR', offset, `HDF5 filter ${id} needs a plugin`);
      }
      const named = version === 1 || id >= 256;
      const nameLength = named ? data.readUInt16LE(at + 2) : 0;
      const values = data.readUInt16LE(at + (named ? 6 : 4));
      const padding = version === 1 ? (Math.ceil(nameLength / 8) * 8 - nameLength) + 4 * (values % 2) : 0;
      at += (named ? 8 : 6) + nameLength + 4 * values + padding;
    }
  }

  private link(data: Buffer, offset: number): void {
    const flags = data[1];
    let at = 2;
    const kind = (flags & 0x08) !== 0 ? data[at++] : 0;
    at += ((flags & 0x04) !== 0 ? 8 : 0) + ((flags & 0x10) !== 0 ? 1 : 0);
    const width = 1 << (flags & 3);
    if (data[0] !== 1 || width === 8 || at + width > data.length) {
      throw new ScanError('MALFORMED', offset, 'HDF5 link');
    }
    const nameLength = data.readUIntLE(at, width);
    const target = at + width + nameLength;
    if (kind === 0) {
      this.follow(hdf5Address(data, target));
    } else if (kind !== 1) {
      const named = data.toString('latin1', target + 3).replace(/\0/g, ' ').trim();
      this.context.report('HDF5_EXTERNAL', offset, `link to another file: ${named}`);
    }
  }

  /** An entry of the older kind of group. It may repeat where the tree of a subgroup lies, and readers differ in which place they ask. */
  private async symbol(entry: Buffer, depth = 0): Promise<void> {
    this.follow(hdf5Address(entry, 8));
    if (entry.readUInt32LE(16) === CACHED_GROUP) {
      await this.groupTree(hdf5Address(entry, 24), depth);
    }
  }

  /** Groups of the older kind: a tree of symbol nodes. Their links stay inside the file. */
  private async groupTree(address: number | undefined, depth: number): Promise<void> {
    if (address === undefined || this.seen.has(address)) {
      return;
    }
    this.seen.add(address);
    this.context.ledger.spend('nodes', 1);
    const head = Buffer.from(await readExact(this.source, address, 8));
    const signature = head.toString('latin1', 0, 4);
    const count = head.readUInt16LE(6);
    if (signature === 'SNOD') {
      const entries = Buffer.from(await readExact(this.source, address + 8, count * 40));
      for (let index = 0; index < count; index += 1) {
        await this.symbol(entries.subarray(index * 40), depth + 1);
      }
    } else if (signature === 'TREE' && head[4] === 0 && depth < MAX_DEPTH) {
      const body = Buffer.from(await readExact(this.source, address + 24, count * 16 + 8));
      for (let index = 0; index < count; index += 1) {
        await this.groupTree(hdf5Address(body, index * 16 + 8), depth + 1);
      }
    } else {
      throw new ScanError('MALFORMED', address, 'HDF5 group tree');
    }
  }

  private async attribute(message: Hdf5Message): Promise<void> {
    const { name, text } = await readHdf5Attribute(this.source, message);
    if (/^PYTABLES_FORMAT_VERSION$|^PSEUDOATOM$/.test(name)) {
      throw new ScanError('HDF5_UNREAD', message.offset, 'PyTables file, whose reader unpickles objects');
    }
    if (text === undefined) {
      if (name === 'model_config' || name === 'training_config') {
        throw new ScanError('HDF5_UNREAD', message.offset, `${name} is no text`);
      }
      return;
    }
    for (const found of await probePickle(new BytesSource(text), this.context, 0)) {
      this.context.report('PICKLE_HIDDEN_OPCODES', message.offset, `${found.text} in attribute ${name}`);
    }
    const end = text.indexOf(0);
    const json = end < 0 ? text : text.subarray(0, end);
    if (name === 'model_config' || name === 'training_config' || json[0] === 0x7b) {
      scanKerasConfig(parseStrictJson(json, message.offset, this.context.limits.nodes), message.offset, this.context);
    }
  }
}
