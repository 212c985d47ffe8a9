import { describe, expect, test } from 'vitest';
import { artifactNameProblem } from '../../../lib/models/signing/artifact-name';

describe('artifact names', () => {
  test.each(['a', 'a/b', '.cache/weights.bin', 'file (copy).bin', '模型.bin', '...', 'a..b', '..a', 'a:0:5', ' ', 'é', 'e\u0301', '😀'])(
    'accepts %j',
    (name) => {
      expect(artifactNameProblem(name)).toBeUndefined();
    },
  );

  test.each([
    ['', 'is empty'],
    ['/a', 'is absolute'],
    ['../a', 'has the part ".."'],
    ['a/../b', 'has the part ".."'],
    ['a/..', 'has the part ".."'],
    ['..', 'has the part ".."'],
    ['./a', 'has the part "."'],
    ['a/./b', 'has the part "."'],
    ['.', 'has the part "."'],
    ['a//b', 'has an empty part'],
    ['a/', 'has an empty part'],
    ['a\\b', 'has a backslash'],
    ['..\\a', 'has a backslash'],
    ['a\0b', 'has a NUL character'],
    ['\ud800', 'is not valid Unicode'],
    ['a/\udc00b', 'is not valid Unicode'],
    ['x'.repeat(4097), 'is longer than 4096 bytes'],
    ['é'.repeat(2049), 'is longer than 4096 bytes'],
  ])('refuses %j, because it %s', (name, problem) => {
    expect(artifactNameProblem(name)).toBe(problem);
  });
});
