import { scanPickles } from '../pickle/scan-pickle';
import { readExact, type RangedSource } from '../ranged-source';
import type { ScanContext } from '../scan-context';
import { ScanError } from '../scan-error';
import { parseNpyHeader } from './npy-header';

const MAX_HEADER = 64 * 1024;

/** Judges a numpy array file: its header by a strict grammar, its length, and the pickle of an array of objects. */
export async function scanNpy(source: RangedSource, context: ScanContext): Promise<void> {
  const start = Buffer.from(await readExact(source, 0, 12));
  const version = start[6];
  if (version < 1 || version > 3 || start[7] !== 0) {
    throw new ScanError('MALFORMED', 6, `npy version ${version}.${start[7]}`);
  }
  const lengthWidth = version === 1 ? 2 : 4;
  const length = version === 1 ? start.readUInt16LE(8) : start.readUInt32LE(8);
  if (length > MAX_HEADER) {
    throw new ScanError('LIMIT_EXCEEDED', 8, `npy header of ${length} bytes`);
  }
  const dataOffset = 8 + lengthWidth + length;
  const text = Buffer.from(await readExact(source, 8 + lengthWidth, length)).toString(version === 3 ? 'utf8' : 'latin1');
  const header = parseNpyHeader(text);
  if (header.objects) {
    await scanPickles(source, context, { offset: dataOffset });
    return;
  }
  const expected = dataOffset + header.count * header.itemSize;
  if (source.size !== expected) {
    const code = source.size < expected ? 'TRUNCATED' : 'TENSOR_LAYOUT';
    throw new ScanError(code, expected, `npy of ${source.size} bytes, ${expected} expected`);
  }
}
