import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

const ROOT = path.join(__dirname, '..', '..');

type Run = (label: string, command: string[]) => Promise<{ code: number; output: string }>;

/** What scripts/setup.mjs gives; it is plain JavaScript, so its shape is said here. */
interface Setup {
  readonly MINIMUM_NODE: readonly number[];
  requireNode(version: string): void;
  digestOf(root: string, paths: readonly string[]): string;
  ensureDependencies(root: string, run: Run, wait: (ms: number) => Promise<unknown>): Promise<boolean>;
  withLock<T>(root: string, work: () => Promise<T>, say?: (message: string) => void): Promise<T>;
}

let setup: Setup;
beforeAll(async () => {
  setup = (await import(pathToFileURL(path.join(ROOT, 'scripts', 'setup.mjs')).href)) as Setup;
});

let clone: string;
beforeEach(() => {
  clone = fs.mkdtempSync(path.join(os.tmpdir(), 'clone-'));
  fs.writeFileSync(path.join(clone, 'package-lock.json'), '{}');
});
afterEach(() => fs.rmSync(clone, { recursive: true, force: true }));

describe('the version of Node', () => {
  test.each(['18.20.4', '20.18.3'])('%s is refused with what to do', (version) => {
    expect(() => setup.requireNode(version)).toThrow(`Node ${version} is too old: install Node 20.19 or newer`);
  });

  test.each(['20.19.0', '22.0.0', '24.1.0'])('%s is taken', (version) => {
    expect(() => setup.requireNode(version)).not.toThrow();
  });

  test('the minimum is the one of package.json', () => {
    const { engines } = JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as { engines: { node: string } };
    expect(engines.node).toBe(`>=${setup.MINIMUM_NODE.join('.')}.0`);
  });
});

describe('the digest of sources', () => {
  test('depends on names and on contents', () => {
    const write = (file: string, text: string) => fs.writeFileSync(path.join(clone, file), text);
    fs.mkdirSync(path.join(clone, 'lib'));
    write('lib/a.ts', 'one');
    const first = setup.digestOf(clone, ['lib', 'absent.json']);
    expect(setup.digestOf(clone, ['absent.json', 'lib'])).toBe(first);
    write('lib/a.ts', 'two');
    expect(setup.digestOf(clone, ['lib'])).not.toBe(first);
    write('lib/a.ts', 'one');
    expect(setup.digestOf(clone, ['lib'])).toBe(first);
    fs.renameSync(path.join(clone, 'lib/a.ts'), path.join(clone, 'lib/b.ts'));
    expect(setup.digestOf(clone, ['lib'])).not.toBe(first);
  });
});

describe('installing', () => {
  const npm = (...codes: number[]) => {
    const calls: string[][] = [];
    const run: Run = (_label, command) => {
      calls.push(command);
      fs.mkdirSync(path.join(clone, 'node_modules'), { recursive: true });
      return Promise.resolve({ code: codes[calls.length - 1] ?? 1, output: 'ECONNRESET' });
    };
    return { calls, run };
  };
  const waits: number[] = [];
  const wait = (ms: number) => Promise.resolve(waits.push(ms));
  beforeEach(() => void waits.splice(0));

  test('happens once for one lockfile, and again for another', async () => {
    const { calls, run } = npm(0, 0);
    expect(await setup.ensureDependencies(clone, run, wait)).toBe(true);
    expect(await setup.ensureDependencies(clone, run, wait)).toBe(false);
    fs.writeFileSync(path.join(clone, 'package-lock.json'), '{"changed":true}');
    expect(await setup.ensureDependencies(clone, run, wait)).toBe(true);
    expect(calls).toHaveLength(2);
    expect(calls[0]).toContain('ci');
  });

  test('is tried again with growing pauses', async () => {
    const { calls, run } = npm(1, 1, 0);
    expect(await setup.ensureDependencies(clone, run, wait)).toBe(true);
    expect(calls).toHaveLength(3);
    expect(waits).toEqual([2000, 6000]);
  });

  test('gives up after four attempts with the output of npm, and is not taken for done', async () => {
    const { calls, run } = npm();
    await expect(setup.ensureDependencies(clone, run, wait)).rejects.toThrow(/npm ci failed 4 times.*\nECONNRESET/);
    expect(calls).toHaveLength(4);
    expect(await setup.ensureDependencies(clone, npm(0).run, wait)).toBe(true);
  });
});

describe('two set-ups of one clone', () => {
  test('come one after the other', async () => {
    const events: string[] = [];
    const work = (name: string) => async () => {
      events.push(`${name} begins`);
      await new Promise((resolve) => setTimeout(resolve, 50));
      events.push(`${name} ends`);
    };
    await Promise.all([setup.withLock(clone, work('one')), setup.withLock(clone, work('two'))]);
    expect(events).toHaveLength(4);
    expect(events[1]).toBe(events[0].replace('begins', 'ends'));
  });

  test('a lock whose process is gone is taken over', async () => {
    const { pid } = spawnSync(process.execPath, ['-e', '0']);
    fs.mkdirSync(path.join(clone, '.cache'));
    fs.writeFileSync(path.join(clone, '.cache', 'setup.lock'), String(pid));
    expect(await setup.withLock(clone, () => Promise.resolve('done'))).toBe('done');
    expect(fs.readdirSync(path.join(clone, '.cache'))).toEqual([]);
  });

  test('a failed one leaves no lock behind', async () => {
    await expect(setup.withLock(clone, () => Promise.reject(new Error('no space left')))).rejects.toThrow('no space left');
    expect(fs.readdirSync(path.join(clone, '.cache'))).toEqual([]);
  });
});
