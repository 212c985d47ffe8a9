import { spawnSync } from 'node:child_process';
import { afterAll, describe, expect, test } from 'vitest';
import { CliBench } from './cli-run';

const bench = new CliBench();
afterAll(() => bench.remove());

/** What the shell offers after a line, by the script that the command prints. */
function offered(...words: readonly string[]): string[] {
  const { out } = bench.run('completion', 'bash');
  const line = ['secure-ai', ...words].map((word) => `'${word}'`).join(' ');
  const script = `${out}\nCOMP_WORDS=(${line}); COMP_CWORD=${words.length}; _secure_ai; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { status, stdout, stderr } = spawnSync('bash', ['-c', script], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout.split('\n').filter((word) => word !== '');
}

describe('completion', () => {
  test('offers commands, their second words and their options in bash', () => {
    expect(offered('')).toEqual(expect.arrayContaining(['check', 'explain', 'report', 'model', 'completion']));
    expect(offered('ch')).toEqual(['check']);
    expect(offered('model', 'v')).toEqual(['verify']);
    expect(offered('check', '--base')).toEqual(['--baseline']);
    expect(offered('model', 'verify', '--trust')).toEqual(['--trust-store']);
  });

  test.each(['zsh', 'fish'])('prints a script for %s that names every command', (shell) => {
    const { code, out } = bench.run('completion', shell);
    expect(code).toBe(0);
    for (const name of ['check', 'explain', 'report', 'verify', 'baseline']) expect(out).toContain(name);
  });

  test('says which shells there are', () => {
    expect(bench.run('completion', 'tcsh')).toMatchObject({ code: 2, err: 'secure-ai: there is no completion for tcsh; there are: bash, zsh, fish\n' });
  });
});
