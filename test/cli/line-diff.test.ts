import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lineDiff } from '../../lib/cli/line-diff';

const text = fc.array(fc.constantFrom('a\n', 'b\n', 'c\n', '\n'), { maxLength: 30 }).map((lines) => lines.join(''));

test('a difference turns the older text into the newer, as git applies it', () => {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'secure-ai-diff-'));
  try {
    fc.assert(
      fc.property(text, text, fc.boolean(), (before, after, cut) => {
        const newer = cut ? after.slice(0, -1) : after;
        const diff = lineDiff('file', before, newer);
        if (diff === '') return before === newer;
        fs.writeFileSync(path.join(root, 'file'), before);
        const { status, stderr } = spawnSync('git', ['apply', '--whitespace=nowarn', '-'], { cwd: root, input: `${diff}\n`, encoding: 'utf8', env: { ...process.env, GIT_CEILING_DIRECTORIES: path.dirname(root) } });
        expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
        return (fs.existsSync(path.join(root, 'file')) ? fs.readFileSync(path.join(root, 'file'), 'utf8') : '') === newer;
      }),
      { numRuns: 40 },
    );
  } finally {
    fs.rmSync(root, { recursive: true, force: true });
  }
});

test('a new file is all added, and equal texts have no difference', () => {
  expect(lineDiff('x', undefined, 'a\n')).toBe('--- /dev/null\n+++ b/x\n@@ -0,0 +1,1 @@\n+a');
  expect(lineDiff('x', 'a\n', 'a\n')).toBe('');
});
