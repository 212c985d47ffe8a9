import { describe, expect, test } from 'vitest';
import { copyParts, copySource } from '../../../lib/models/promote/copy-parts';

describe('the parts of a copy', () => {
  test.each([
    [1, 10, [undefined]],
    [10, 10, [undefined]],
    [11, 10, ['bytes=0-9', 'bytes=10-10']],
    [20, 10, ['bytes=0-9', 'bytes=10-19']],
  ])('%d bytes in parts of %d', (size, partBytes, ranges) => {
    expect(copyParts(size, partBytes).map((part) => part.range)).toEqual(ranges);
    expect(copyParts(size, partBytes).map((part) => part.partNumber)).toEqual(ranges.map((_, index) => index + 1));
  });

  test('5 TiB, the largest object of S3, stays below its 10,000 parts', () => {
    expect(copyParts(5 * 1024 ** 4).length).toBeLessThanOrEqual(10_000);
  });
});

test('a source names bucket, encoded key and version', () => {
  expect(copySource('bucket', 'a b/ü&.onnx', 'v/1+2')).toBe('bucket/a%20b/%C3%BC%26.onnx?versionId=v%2F1%2B2');
});
