import { describe, expect, test } from 'vitest';
import { BytesSource, readExact, SlicedSource } from '../../../lib/models/scanning/ranged-source';

describe('exact reads', () => {
  const source = new BytesSource(Buffer.from('abcdef'));

  test('bytes inside come as they are, also through a slice', async () => {
    expect(Buffer.from(await readExact(source, 2, 3)).toString()).toBe('cde');
    expect(Buffer.from(await readExact(new SlicedSource(source, 1, 3), 1, 2)).toString()).toBe('cd');
  });

  test('a read beyond the end, or beyond a slice, is truncated', async () => {
    await expect(readExact(source, 4, 3)).rejects.toMatchObject({ code: 'TRUNCATED' });
    await expect(readExact(new SlicedSource(source, 1, 3), 2, 2)).rejects.toMatchObject({ code: 'TRUNCATED' });
  });

  test('a read in front of the source, or of a negative length, is malformed and never reaches the source', async () => {
    await expect(readExact(source, -1, 2)).rejects.toMatchObject({ code: 'MALFORMED' });
    await expect(readExact(source, 1, -2)).rejects.toMatchObject({ code: 'MALFORMED' });
  });
});
