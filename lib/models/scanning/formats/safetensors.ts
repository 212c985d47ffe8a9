import { readExact, type RangedSource } from '../ranged-source';
import type { ScanContext } from '../scan-context';
import { ScanError } from '../scan-error';
import { describeJson, parseStrictJson, type Json } from '../strict-json';

const MAX_HEADER = 100_000_000;
const MAX_METADATA = 1024 * 1024;
const BITS: ReadonlyMap<string, number> = new Map([
  ['BOOL', 8], ['U8', 8], ['I8', 8], ['F8_E5M2', 8], ['F8_E4M3', 8], ['F8_E8M0', 8], ['I16', 16], ['U16', 16], ['F16', 16], ['BF16', 16],
  ['I32', 32], ['U32', 32], ['F32', 32], ['C64', 64], ['F64', 64], ['I64', 64], ['U64', 64], ['F4', 4], ['F6_E2M3', 6], ['F6_E3M2', 6],
]);

/** Length of the header that a file declares, where it looks like safetensors. */
export function safetensorsHeader(head: Uint8Array, size: number): number | undefined {
  if (head.length < 9 || head[8] !== 0x7b) {
    return undefined;
  }
  const length = new DataView(head.buffer, head.byteOffset, 8).getBigUint64(0, true);
  return length >= 2n && length <= BigInt(MAX_HEADER) && Number(length) + 8 <= size ? Number(length) : undefined;
}

/** Judges a safetensors file: header, types, and that tensors cover the data from front to back, without gaps or overlaps. */
export async function scanSafetensors(source: RangedSource, context: ScanContext): Promise<void> {
  const length = safetensorsHeader(await readExact(source, 0, 9), source.size);
  if (length === undefined) {
    throw new ScanError('MALFORMED', 0, 'safetensors header length');
  }
  if (length > context.limits.heldBytes) {
    throw new ScanError('LIMIT_EXCEEDED', 0, `safetensors header of ${length} bytes`);
  }
  const header = parseStrictJson(await readExact(source, 8, length), 8, context.limits.nodes);
  if (!(header instanceof Map)) {
    throw new ScanError('MALFORMED', 8, 'safetensors header is no object');
  }
  const spans: { name: string; begin: number; end: number }[] = [];
  for (const [name, value] of header as ReadonlyMap<string, Json>) {
    if (name === '__metadata__') {
      judgeMetadata(value);
    } else {
      spans.push({ name, ...tensorSpan(name, value) });
    }
  }
  spans.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let covered = 0;
  for (const { name, begin, end } of spans) {
    if (begin !== covered) {
      throw new ScanError('TENSOR_LAYOUT', 8 + length + begin, `${name} begins at ${begin}, the data before it ends at ${covered}`);
    }
    covered = end;
  }
  if (covered !== source.size - 8 - length) {
    throw new ScanError('TENSOR_LAYOUT', 8 + length + covered, `tensors end at ${covered}, the data at ${source.size - 8 - length}`);
  }
}

function judgeMetadata(value: Json): void {
  if (!(value instanceof Map)) {
    throw new ScanError('MALFORMED', 8, 'safetensors metadata is no object');
  }
  for (const [key, text] of value as ReadonlyMap<string, Json>) {
    if (typeof text !== 'string' || text.length > MAX_METADATA) {
      throw new ScanError('MALFORMED', 8, `safetensors metadata ${key}: text of at most ${MAX_METADATA} characters expected`);
    }
  }
}

function tensorSpan(name: string, value: Json): { begin: number; end: number } {
  const wrong = (what: string): ScanError => new ScanError('TENSOR_LAYOUT', 8, `${name}: ${what}`);
  if (!(value instanceof Map) || value.size !== 3) {
    throw wrong('dtype, shape and data_offsets expected');
  }
  const tensor = value as ReadonlyMap<string, Json>;
  const bits = BITS.get(describeJson(tensor.get('dtype')));
  if (bits === undefined) {
    throw wrong(`dtype ${describeJson(tensor.get('dtype'))}`);
  }
  const shape = naturals(tensor.get('shape'));
  const offsets = naturals(tensor.get('data_offsets'));
  if (shape === undefined || offsets === undefined || offsets.length !== 2) {
    throw wrong('shape and data_offsets must be lists of natural numbers');
  }
  const total = shape.reduce((product, side) => product * side, 1) * bits;
  const [begin, end] = offsets;
  if (!Number.isSafeInteger(total) || (end - begin) * 8 !== total) {
    throw wrong(`${end - begin} bytes for ${total} bits`);
  }
  return { begin, end };
}

function naturals(value: Json | undefined): number[] | undefined {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0) ? (value as number[]) : undefined;
}
