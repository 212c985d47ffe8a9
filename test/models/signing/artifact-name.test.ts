import { describe, expect, test } from 'vitest';
import { artifactNameProblem } from '../../../lib/models/signing/artifact-name';

describe('artifact names', () => {
  test.each(['a', 'a/b', '.cache/weights.bin', 'file (copy).bin', '模型.bin', '...', 'a..b', '..a', 'a:0:5', ' ', 'é', 'e\u0301', '😀'])(
    'accepts %j', (name) => {
      expect(artifactNameProblem(name)).toBeUndefined();
    });

  test.each([
    '', '/a', '../a', 'a/../b', 'a/..', '..', './a', 'a/./b', '.', 'a//b', 'a/', 'a\\b', '..\\a', 'a\0b', '\ud800', 'a/\udc00b', 'x'.repeat(4097),
  ])('refuses %j', (name) => {
    expect(artifactNameProblem(name)).toBeTypeOf('string');
  });
});
