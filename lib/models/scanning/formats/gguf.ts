import { ByteCursor } from '../byte-cursor';
import type { RangedSource } from '../ranged-source';
import type { ScanContext } from '../scan-context';
import { ScanError } from '../scan-error';
import { scanChatTemplate } from './chat-template';

const MAX_PAIRS = 100_000;
const MAX_TENSORS = 1_000_000;
const MAX_TEXT = 64 * 1024 * 1024;
const MAX_NAME = 1024;
const MAX_DIMENSIONS = 4;
const TEXT = 8;
const ARRAY = 9;
/** Bytes of the fixed-width value types, by their number. */
const WIDTHS: readonly number[] = [1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8];
/** Items and bytes of one block of each tensor type, by its number. */
const BLOCKS: ReadonlyMap<number, readonly [number, number]> = new Map([
  [0, [1, 4]], [1, [1, 2]], [2, [32, 18]], [3, [32, 20]], [6, [32, 22]], [7, [32, 24]], [8, [32, 34]], [9, [32, 36]], [10, [256, 84]],
  [11, [256, 110]], [12, [256, 144]], [13, [256, 176]], [14, [256, 210]], [15, [256, 292]], [16, [256, 66]], [17, [256, 74]],
  [18, [256, 98]], [19, [256, 50]], [20, [32, 18]], [21, [256, 110]], [22, [256, 82]], [23, [256, 136]], [24, [1, 1]], [25, [1, 2]],
  [26, [1, 4]], [27, [1, 8]], [28, [1, 8]], [29, [256, 56]], [30, [1, 2]], [34, [256, 54]], [35, [256, 66]], [39, [32, 17]],
]);

interface Tensor {
  readonly name: string;
  readonly offset: number;
  readonly length: number;
}

/** Judges a GGUF file: counts and lengths, chat templates, and that every tensor lies aligned inside the file and apart. */
export async function scanGguf(source: RangedSource, context: ScanContext): Promise<void> {
  const cursor = new ByteCursor(source, 4);
  const version = await cursor.u32();
  if (version < 2 || version > 3) {
    throw new ScanError('MALFORMED', 4, `GGUF version ${version}`);
  }
  const tensorCount = await cursor.u64();
  const pairCount = await cursor.u64();
  if (tensorCount > MAX_TENSORS || pairCount > MAX_PAIRS) {
    throw new ScanError('LIMIT_EXCEEDED', 8, `${tensorCount} tensors, ${pairCount} keys`);
  }
  const alignment = await readPairs(cursor, pairCount, context);
  const tensors: Tensor[] = [];
  for (let index = 0; index < tensorCount; index += 1) {
    context.ledger.spend('nodes', 1);
    tensors.push(await readTensor(cursor));
  }
  judgeTensors(tensors, Math.ceil(cursor.offset / alignment) * alignment, alignment, source.size);
}

async function readPairs(cursor: ByteCursor, count: number, context: ScanContext): Promise<number> {
  let alignment = 32;
  const keys = new Set<string>();
  for (let index = 0; index < count; index += 1) {
    context.ledger.spend('nodes', 1);
    const at = cursor.offset;
    const key = await readText(cursor, MAX_NAME);
    if (keys.has(key)) {
      throw new ScanError('MALFORMED', at, `GGUF key ${key} twice`);
    }
    keys.add(key);
    const type = await cursor.u32();
    if (key === 'general.alignment') {
      alignment = type === 4 ? await cursor.u32() : 0;
      if (alignment < 1 || alignment > 1024 * 1024 || (alignment & (alignment - 1)) !== 0) {
        throw new ScanError('TENSOR_LAYOUT', at, `GGUF alignment ${alignment}`);
      }
    } else if (/^tokenizer\.chat_template(?:\.|$)/.test(key)) {
      if (type === TEXT) {
        scanChatTemplate(await readText(cursor, context.limits.heldBytes), at, context);
      } else if (key === 'tokenizer.chat_templates') {
        await skipValue(cursor, type, context, 0);
      } else {
        throw new ScanError('MALFORMED', at, `${key} is no text`);
      }
    } else {
      await skipValue(cursor, type, context, 0);
    }
  }
  return alignment;
}

async function skipValue(cursor: ByteCursor, type: number, context: ScanContext, depth: number): Promise<void> {
  if (type === TEXT) {
    const length = await cursor.u64();
    if (length > MAX_TEXT) {
      throw new ScanError('LIMIT_EXCEEDED', cursor.offset, `GGUF text of ${length} bytes`);
    }
    cursor.skip(length);
  } else if (type === ARRAY) {
    const itemType = await cursor.u32();
    const count = await cursor.u64();
    if (itemType === ARRAY || depth > 0) {
      throw new ScanError('MALFORMED', cursor.offset, 'GGUF array of arrays');
    }
    if (itemType !== TEXT) {
      cursor.skip(count * width(itemType, cursor.offset));
      return;
    }
    for (let index = 0; index < count; index += 1) {
      context.ledger.spend('nodes', 1);
      await skipValue(cursor, TEXT, context, depth + 1);
    }
  } else {
    cursor.skip(width(type, cursor.offset));
  }
}

function width(type: number, offset: number): number {
  const bytes = WIDTHS[type];
  if (bytes === undefined || bytes === 0) {
    throw new ScanError('MALFORMED', offset, `GGUF value type ${type}`);
  }
  return bytes;
}

async function readText(cursor: ByteCursor, limit: number): Promise<string> {
  const length = await cursor.u64();
  if (length > limit) {
    throw new ScanError('LIMIT_EXCEEDED', cursor.offset, `GGUF text of ${length} bytes`);
  }
  return Buffer.from(await cursor.bytes(length)).toString('utf8');
}

async function readTensor(cursor: ByteCursor): Promise<Tensor> {
  const at = cursor.offset;
  const name = await readText(cursor, MAX_NAME);
  const dimensions = await cursor.u32();
  if (dimensions > MAX_DIMENSIONS) {
    throw new ScanError('TENSOR_LAYOUT', at, `${name}: ${dimensions} dimensions`);
  }
  let items = 1;
  let row = 1;
  for (let index = 0; index < dimensions; index += 1) {
    const side = await cursor.u64();
    row = index === 0 ? side : row;
    items *= side;
  }
  const type = await cursor.u32();
  const offset = await cursor.u64();
  const block = BLOCKS.get(type);
  if (block === undefined) {
    throw new ScanError('TENSOR_LAYOUT', at, `${name}: tensor type ${type}`);
  }
  const length = (items / block[0]) * block[1];
  if (!Number.isSafeInteger(items) || !Number.isSafeInteger(length) || row % block[0] !== 0) {
    throw new ScanError('TENSOR_LAYOUT', at, `${name}: ${items} items of type ${type}`);
  }
  return { name, offset, length };
}

function judgeTensors(tensors: readonly Tensor[], start: number, alignment: number, size: number): void {
  let covered = 0;
  for (const { name, offset, length } of [...tensors].sort((a, b) => a.offset - b.offset)) {
    if (offset % alignment !== 0 || offset < covered || start + offset + length > size) {
      throw new ScanError('TENSOR_LAYOUT', start + offset, `${name}: ${length} bytes at ${offset} of ${size - start}`);
    }
    covered = offset + length;
  }
}
