import { describe, expect, test } from 'vitest';
import { ignoredBeside, IgnoreRules } from '../../../lib/models/signing/ignore-rules';
import { expectRefusal } from './refusal';

describe('ignore rules', () => {
  test('leave out version control at the top only, and no other dotfile', () => {
    const rules = ignoredBeside();
    expect(['.git', '.git/HEAD', '.gitignore', '.gitattributes', '.github/ci.yml', 'model.sig'].every((name) => rules.matches(name))).toBe(
      true,
    );
    expect(
      ['sub/.git/HEAD', 'sub/.gitignore', '.env.example', '.cache/w.bin', '.gitmodules', '.gitx', 'sub/model.sig'].some((name) =>
        rules.matches(name),
      ),
    ).toBe(false);
  });

  test('match exact paths with what is below, never parts of a name', () => {
    const rules = new IgnoreRules(['cache', 'a/b']);
    expect(['cache', 'cache/x/y', 'a/b', 'a/b/c'].every((name) => rules.matches(name))).toBe(true);
    expect(['cache2', 'sub/cache', 'a', 'a/bc', 'a/c/b'].some((name) => rules.matches(name))).toBe(false);
  });

  test('leave out the signature as a file, not a directory that took its name', () => {
    expect(ignoredBeside().matches('model.sig/payload.py')).toBe(false);
    expect(ignoredBeside(false).matches('model.sig')).toBe(false);
  });

  test.each(['', '/abs', '../up', 'a/../b', './a', 'a//b', 'a/', '*', '*.py', 'a?', '[ab]', 'a\\b', 'a\0'])(
    'refuse the path %j',
    async (path) => {
      await expectRefusal(() => new IgnoreRules([path]), 'IGNORE_PATH_INVALID');
    },
  );

  test('are written in code point order, once each', () => {
    expect(ignoredBeside('model.sig', ['z', 'B', 'z']).paths).toEqual([
      '.git',
      '.gitattributes',
      '.github',
      '.gitignore',
      'B',
      'model.sig',
      'z',
    ]);
  });
});
