import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { writeNpy } from '../fixtures/format-writer';
import { EVIL_PICKLE, PLAIN_PICKLE } from '../fixtures/pickle-assembler';
import { verdictOf } from '../fixtures/scan';

const header = (descr: string, shape = '(2,)'): string => `{'descr': ${descr}, 'fortran_order': False, 'shape': ${shape}, }`;
const real = (name: string): Buffer => readFileSync(`${__dirname}/../fixtures/real/${name}`);

describe('numpy arrays', () => {
  test('plain, structured, scalar and text arrays are safe', async () => {
    expect(await verdictOf('x.npy', writeNpy(header("'<f8'"), Buffer.alloc(16)))).toBe('SAFE');
    expect(await verdictOf('x.npy', writeNpy(header("'<f8'", '()'), Buffer.alloc(8)))).toBe('SAFE');
    expect(await verdictOf('x.npy', writeNpy(header("'<U3'"), Buffer.alloc(24)))).toBe('SAFE');
    expect(await verdictOf('x.npy', writeNpy(header("[('a', '<i4'), ('b', [('c', '<f8', (2, 2))])]"), Buffer.alloc(72)))).toBe('SAFE');
  });

  test('files written by numpy are judged by what they hold', async () => {
    for (const name of ['numpy-float.npy', 'numpy-structured.npy', 'numpy-objects.npy', 'numpy-arrays.npz', 'numpy-compressed.npz']) {
      expect(await verdictOf(name, real(name)), name).toBe('SAFE');
    }
    expect(await verdictOf('x.npy', real('numpy-evil.npy'))).toBe('DANGEROUS PICKLE_DENIED_GLOBAL');
  });

  test('an object anywhere in the type makes the data a pickle', async () => {
    for (const descr of ["'|O'", "[('a', '<i4'), ('b', '|O')]", "[('a', [('b', '|O8')])]"]) {
      expect(await verdictOf('x.npy', writeNpy(header(descr), EVIL_PICKLE)), descr).toBe('DANGEROUS PICKLE_DENIED_GLOBAL');
      expect(await verdictOf('x.npy', writeNpy(header(descr), PLAIN_PICKLE)), descr).toBe('SAFE');
    }
  });

  test.each<[string, Buffer]>([
    ['a call in the header', writeNpy("{'descr': __import__('os').system('id'), 'fortran_order': False, 'shape': (), }", Buffer.alloc(8))],
    ['a key twice', writeNpy("{'descr': '<f8', 'descr': '|O', 'shape': (), }", Buffer.alloc(8))],
    ['something behind the dictionary', writeNpy(`${header("'<f8'")} + x`, Buffer.alloc(16))],
    ['an unknown type', writeNpy(header("'<q8'"), Buffer.alloc(16))],
    ['a negative side', writeNpy(header("'<f8'", '(-1,)'), Buffer.alloc(16))],
    ['a product beyond all bounds', writeNpy(header("'<f8'", '(9007199254740991, 9007199254740991)'), Buffer.alloc(16))],
    ['a nesting without end', writeNpy('('.repeat(500), Buffer.alloc(0))],
    ['too few bytes', writeNpy(header("'<f8'"), Buffer.alloc(15))],
    ['too many bytes', writeNpy(header("'<f8'"), Buffer.alloc(17))],
    ['an unknown version', Buffer.from('\x93NUMPY\x09\x00\x00\x00\x00\x00', 'latin1')],
    ['only the magic', Buffer.from('\x93NUMPY', 'latin1')],
  ])('%s is unscannable', async (_, bytes) => {
    expect(await verdictOf('x.npy', bytes)).toMatch(/^UNSCANNABLE/);
  });
});
