import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { scanFile } from '../../../../lib/models/scanning/scan-file';
import { writeSafetensors } from '../fixtures/format-writer';
import { verdictOf } from '../fixtures/scan';
import { SparseSource } from '../fixtures/sparse-source';

const w = { dtype: 'F32', shape: [2, 2], data_offsets: [0, 16] };
const data = Buffer.alloc(16);

describe('safetensors', () => {
  test('the known sample of 112 bytes and a file written by the library are safe', async () => {
    const sample = writeSafetensors({ __metadata__: { format: 'pt' }, w }, data);
    expect(sample.length).toBe(112);
    expect(await verdictOf('x.safetensors', sample)).toBe('SAFE');
    expect(await verdictOf('x.safetensors', readFileSync(`${__dirname}/../fixtures/real/tensors.safetensors`))).toBe('SAFE');
  });

  test('zero-sized tensors and types of less than a byte are understood', async () => {
    expect(await verdictOf('x.safetensors', writeSafetensors({ a: { dtype: 'F32', shape: [0], data_offsets: [0, 0] }, w }, data))).toBe('SAFE');
    expect(await verdictOf('x.safetensors', writeSafetensors({ a: { dtype: 'F4', shape: [32], data_offsets: [0, 16] } }, data))).toBe('SAFE');
  });

  test.each<[string, unknown, number]>([
    ['a gap in front', { w: { ...w, data_offsets: [4, 20] } }, 20],
    ['a gap between', { w, v: { ...w, data_offsets: [20, 36] } }, 36],
    ['a gap behind', { w }, 20],
    ['an overlap', { w, v: { ...w, data_offsets: [8, 24] } }, 24],
    ['the same bytes twice', { w, v: w }, 16],
    ['data beyond the file', { w: { ...w, shape: [20, 2], data_offsets: [0, 160] } }, 16],
    ['a size that does not fit the shape', { w: { ...w, shape: [3] } }, 16],
    ['an unknown type', { w: { ...w, dtype: 'F33' } }, 16],
    ['a type that is a prototype name', { w: { ...w, dtype: 'constructor' } }, 16],
    ['a negative side', { w: { ...w, shape: [-2, -2] } }, 16],
    ['a fraction', { w: { ...w, shape: [0.5, 8] } }, 16],
    ['a product beyond all bounds', { w: { ...w, shape: [2 ** 52, 2 ** 52] } }, 16],
    ['a further field', { w: { ...w, extra: 1 } }, 16],
    ['offsets the wrong way round', { w: { ...w, data_offsets: [16, 0] } }, 16],
    ['metadata that is no text', { __metadata__: { a: 1 }, w }, 16],
    ['metadata that is too long', { __metadata__: { a: 'x'.repeat(1024 * 1024 + 1) }, w }, 16],
    ['a list', [w], 16],
    ['JSON that is none', '{"w":', 0],
    ['a comment', `{/**/"w":${JSON.stringify(w)}}`, 16],
    ['something behind the document', `{"w":${JSON.stringify(w)}}x`, 16],
    ['a nesting without end', `{"w":${'['.repeat(5000)}`, 0],
  ])('%s is unscannable', async (_, header, length) => {
    expect(await verdictOf('x.safetensors', writeSafetensors(header, Buffer.alloc(length)))).toMatch(/^UNSCANNABLE/);
  });

  test('a tensor under two headers is dangerous, as readers keep different ones', async () => {
    const header = `{"w":${JSON.stringify(w)},"w":${JSON.stringify(w)}}`;
    expect(await verdictOf('x.safetensors', writeSafetensors(header, data))).toBe('DANGEROUS JSON_DUPLICATE_KEY');
    expect(await verdictOf('x.safetensors', writeSafetensors(header.replace('"w"', '"\\u0077"'), data))).toBe('DANGEROUS JSON_DUPLICATE_KEY');
  });

  test('a tensor named like the prototype is a tensor', async () => {
    expect(await verdictOf('x.safetensors', writeSafetensors(`{"__proto__":${JSON.stringify(w)}}`, data))).toBe('SAFE');
  });

  test('header lengths of zero, beyond the limit and beyond the file are refused', async () => {
    for (const length of [0n, 1n, 100_000_001n, 2n ** 63n, 5000n]) {
      const bytes = writeSafetensors({ w }, data);
      bytes.writeBigUInt64LE(length);
      expect(await verdictOf('x.safetensors', bytes), String(length)).toMatch(/^UNSCANNABLE/);
    }
  });

  test('a 60 GB file costs a handful of reads', async () => {
    const size = 60 * 1024 ** 3;
    const header = writeSafetensors({ w: { dtype: 'U8', shape: [size], data_offsets: [0, size] } }, Buffer.alloc(0));
    const source = new SparseSource(header.length + size, [{ at: 0, bytes: header }]);
    expect(await scanFile('x.safetensors', source)).toMatchObject({ verdict: 'SAFE' });
    expect(source.reads).toBeLessThanOrEqual(4);
    expect(source.bytesRead).toBeLessThan(400_000);
  });
});
