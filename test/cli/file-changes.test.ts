import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { applyChanges } from '../../lib/cli/file-changes';

describe('changes of several files', () => {
  let root: string;
  const file = (name: string): string => path.join(root, name);
  const read = (name: string): string => fs.readFileSync(file(name), 'utf8');
  beforeEach(() => {
    root = fs.mkdtempSync(path.join(os.tmpdir(), 'secure-ai-changes-'));
    fs.writeFileSync(file('a'), 'old a', { mode: 0o755 });
  });
  afterEach(() => fs.rmSync(root, { recursive: true, force: true }));

  test('are all made, with the mode of what was there, through links, and leave nothing behind', async () => {
    fs.symlinkSync('a', file('link'));
    await applyChanges([{ file: file('link'), before: 'old a', after: 'new a' }, { file: file('lib/b'), after: 'new b' }]);
    expect([read('a'), read('lib/b')]).toEqual(['new a', 'new b']);
    expect(fs.statSync(file('a')).mode & 0o777).toBe(0o755);
    expect(fs.lstatSync(file('link')).isSymbolicLink()).toBe(true);
    expect(fs.readdirSync(root).sort()).toEqual(['a', 'lib', 'link']);
  });

  test.each([
    ['changed since it was read', { before: 'what was read' }, /changed by somebody else/],
    ['made since', {}, /exists already/],
  ])('are none where one of the files was %s', async (_, part, message) => {
    fs.writeFileSync(file('c'), 'kept');
    const changes = [{ file: file('b'), after: 'new b' }, { file: file('a'), before: 'old a', after: 'new a' }, { file: file('c'), after: 'lost', ...part }];
    await expect(applyChanges(changes)).rejects.toThrow(message);
    expect([read('a'), read('c')]).toEqual(['old a', 'kept']);
    expect(fs.readdirSync(root).sort()).toEqual(['a', 'c']);
  });

  test('are none where one cannot be written', async () => {
    const changes = [{ file: file('a'), before: 'old a', after: 'new a' }, { file: file('a/b'), after: 'x' }];
    await expect(applyChanges(changes)).rejects.toThrow(/nothing was changed/);
    expect(read('a')).toBe('old a');
    expect(fs.readdirSync(root)).toEqual(['a']);
  });
});
