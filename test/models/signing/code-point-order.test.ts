import { describe, expect, test } from 'vitest';
import { compareByCodePoint, sortedByCodePoint } from '../../../lib/models/signing/code-point-order';

const SPECIFIED = ['a-1', 'a.txt', 'a/b', 'model-00001.safetensors', 'model/x', '\uFB01', '😀'];

describe('code point order', () => {
  test('is the order of the specification, where UTF-16 order differs', () => {
    const shuffled = [SPECIFIED[6], SPECIFIED[2], SPECIFIED[5], SPECIFIED[0], SPECIFIED[4], SPECIFIED[1], SPECIFIED[3]];
    expect(sortedByCodePoint(shuffled, (name) => name)).toEqual(SPECIFIED);
    expect([...shuffled].sort()).not.toEqual(SPECIFIED);
  });

  test('puts a prefix before what it begins', () => {
    expect(compareByCodePoint('a', 'ab')).toBeLessThan(0);
    expect(compareByCodePoint('a', 'a')).toBe(0);
  });
});
