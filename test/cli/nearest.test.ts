import { describe, expect, test } from 'vitest';
import { nearest } from '../../lib/cli/nearest';

const NAMES = ['key', 'trust-store', 'cert-chain', 'bundle', 'ignore-paths'];

describe('the nearest name', () => {
  test.each([
    ['kye', 'key'], ['trust', 'trust-store'], ['certchain', 'cert-chain'], ['ignore-path', 'ignore-paths'], ['bundel', 'bundle'],
  ])('of %s is %s', (text, name) => {
    expect(nearest(text, NAMES)).toBe(name);
  });
  test.each(['', 'unrelated', 'x'.repeat(1_000_000)])('of something else is none (%#)', (text) => {
    expect(nearest(text, NAMES)).toBeUndefined();
  });
  test('of nothing to choose from is none', () => {
    expect(nearest('key', [])).toBeUndefined();
  });
});
