import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { treeDigest } from '../../../lib/models/signing/tree-digest';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('tree digest', () => {
  test('of one file is the digest of its digest', () => {
    expect(sha256('This is a simple model')).toBe('3aab065c7181a173b5dd9e9d32a9f79923440b413be1e1ffcdba26a7365f719b');
    expect(treeDigest([sha256('This is a simple model')])).toBe('002d162f867c5eee944e5080d25829b6625be0e3f081f6fbafc7dd655ca2e178');
  });

  test('of ten files in two directories is the published one', () => {
    const nested = [
      ['d0', 'f0'],
      ['d1', 'f1'],
    ].flatMap(([directory, file]) => [0, 1, 2].map((n) => `This is file ${file}${n} in ${directory}.`));
    const root = [0, 1, 2, 3].map((n) => `This is file f${n} in root.`);
    expect(sha256(nested[0])).toBe('fdd8925354242a7fd1515e79534317b800015607a609cd306e0b4dcfe6c92249');
    expect(treeDigest([...nested, ...root].map(sha256))).toBe('143cc682e555951649f18e2761c3d526d2502996f5e32dc187ef7f8a614f8df7');
  });

  test('depends on the order', () => {
    expect(treeDigest([sha256('a'), sha256('b')])).not.toBe(treeDigest([sha256('b'), sha256('a')]));
  });
});
