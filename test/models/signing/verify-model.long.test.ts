import fc from 'fast-check';
import { describe, test } from 'vitest';
import { verifyMutatedBundle } from './bundle-fuzzer';

describe('a hundred thousand mutated bundles', () => {
  test('never verify, never throw anything else, never hang', async () => {
    await fc.assert(fc.asyncProperty(verifyMutatedBundle.arbitrary, verifyMutatedBundle.property), { numRuns: 100_000 });
  }, 30 * 60_000);
});
