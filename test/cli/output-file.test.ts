import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { assertAbsent, writeOutput } from '../../lib/cli/output-file';

const root = fs.mkdtempSync(path.join(os.tmpdir(), 'output-'));
afterAll(() => fs.rmSync(root, { recursive: true, force: true }));
const content = Buffer.from('new');
const drafts = () => fs.readdirSync(root).filter((name) => name.endsWith('.tmp'));

describe('writing', () => {
  test('does not replace a file that came into being since the first look', async () => {
    const file = path.join(root, 'raced');
    await assertAbsent(file, 'signature');
    fs.writeFileSync(file, 'old');
    await expect(writeOutput(file, content, 'signature', false)).rejects.toMatchObject({ code: 'OUTPUT_EXISTS' });
    expect(fs.readFileSync(file, 'utf8')).toBe('old');
    expect(drafts()).toEqual([]);
  });
  test('replaces when asked to, as a new file', async () => {
    const file = path.join(root, 'replaced');
    fs.writeFileSync(file, 'old');
    const reader = fs.openSync(file, 'r');
    await writeOutput(file, content, 'signature', true);
    expect(fs.readFileSync(file, 'utf8')).toBe('new');
    // Who had it open still reads the old one whole: nothing was written into it.
    expect(fs.readFileSync(reader, 'utf8')).toBe('old');
    fs.closeSync(reader);
  });
  test('leaves nothing behind where it fails', async () => {
    fs.mkdirSync(path.join(root, 'folder'));
    await expect(writeOutput(path.join(root, 'folder'), content, 'signature', true)).rejects.toMatchObject({ code: 'OUTPUT_FAILED' });
    await expect(writeOutput(path.join(root, 'gone', 'file'), content, 'signature', true)).rejects.toMatchObject({
      code: 'OUTPUT_FAILED', message: expect.stringContaining('does not exist'),
    });
    expect(drafts()).toEqual([]);
  });
  test('also does not take a dangling link for an absent file', async () => {
    fs.symlinkSync(path.join(root, 'nowhere'), path.join(root, 'dangling'));
    await expect(assertAbsent(path.join(root, 'dangling'), 'signature')).rejects.toMatchObject({ code: 'OUTPUT_EXISTS' });
  });
});
