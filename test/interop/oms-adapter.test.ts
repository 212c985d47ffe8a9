import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CODE_SIGNING, KEY_USAGE, newCertificate, toPem } from '../models/signing/certificate-builder';
import { payloadOf } from '../models/signing/test-bundle';
import { newTestKey } from '../models/signing/test-key';
import { run } from './oms-adapter-command';

type Files = Record<string, string>;

const SIMPLE: Files = { 'signme-1': 'signme-1\n', 'signme-2': 'signme-2', 'ignore-me': '' };
const key = newTestKey('P-384');
let work: string;
let model: string;
let bundle: string;

beforeEach(async () => {
  work = await mkdtemp(path.join(tmpdir(), 'adapter-'));
  model = path.join(work, 'model');
  bundle = path.join(work, 'bundle.sig');
  await write('key.pem', key.privateKeyPem);
  await write('key.pub', key.publicKey);
  vi.spyOn(console, 'error').mockImplementation(() => undefined);
});

afterEach(async () => {
  vi.restoreAllMocks();
  await rm(work, { recursive: true, force: true });
});

async function write(file: string, content: string): Promise<string> {
  const place = path.join(work, file);
  await mkdir(path.dirname(place), { recursive: true });
  await writeFile(place, content);
  return place;
}

async function writeModel(files: Files): Promise<void> {
  for (const [file, content] of Object.entries(files)) await write(`model/${file}`, content);
}

const ignoring = (...names: string[]): string[] => names.flatMap((name) => ['--ignore-paths', path.join(model, name)]);
const place = (file: string): string => path.join(work, file);

const sign = (...more: string[]): Promise<number> =>
  run(['sign-model', '--method', 'key', '--model-path', model, '--output-bundle', bundle, '--private-key', place('key.pem'), ...more]);
const verify = (...more: string[]): Promise<number> =>
  run(['verify-model', '--method', 'key', '--model-path', model, '--bundle', bundle, '--public-key', place('key.pub'), ...more]);

async function signedFiles(): Promise<string[]> {
  const { predicate } = JSON.parse(payloadOf(await readFile(bundle)).toString()) as { predicate: { resources: Array<{ name: string }> } };
  return predicate.resources.map(({ name }) => name);
}

describe('the conformance adapter', () => {
  test.each<[string, Files, string[], string[]]>([
    ['two files and an ignored one', SIMPLE, ['ignore-me'], ['signme-1', 'signme-2']],
    ['one file in a directory', { 'model.bin': '\u00ef'.repeat(256) }, [], ['model.bin']],
    [
      'subdirectories',
      { 'config.json': '{}', 'weights.bin': 'w', 'subdir/adapter.bin': 'a' },
      [],
      ['config.json', 'subdir/adapter.bin', 'weights.bin'],
    ],
    [
      'version control',
      { '.gitattributes': '', '.gitignore': '', 'model.bin': 'm', '.git/HEAD': 'h', '.github/ci.yml': 'w' },
      [],
      ['model.bin'],
    ],
    ['dotfiles', { '.config': 'c', '.env.example': 'e', 'model.bin': 'm' }, [], ['.config', '.env.example', 'model.bin']],
    [
      'hidden directories',
      { 'model.bin': 'm', '.cache/weights.bin': 'c', '.local/share/data.bin': 'd' },
      [],
      ['.cache/weights.bin', '.local/share/data.bin', 'model.bin'],
    ],
    ['an empty file', { 'empty.bin': '', 'signme-1': 's' }, [], ['empty.bin', 'signme-1']],
    ['names beyond ASCII', { 'weights.bin': 'w', '模型.bin': 'm' }, [], ['weights.bin', '模型.bin']],
    [
      'spaces and brackets',
      { 'file (copy).bin': '1', 'normal.bin': '3', 'path with spaces/model.bin': '2' },
      [],
      ['file (copy).bin', 'normal.bin', 'path with spaces/model.bin'],
    ],
    ['nested version control, which stays', { 'model.bin': 'm', 'subdir/.gitignore': 'g' }, [], ['model.bin', 'subdir/.gitignore']],
    [
      'nested version control, ignored by name',
      { 'model.bin': 'm', 'sub/model.bin': 's', 'sub/.git/HEAD': 'g' },
      ['sub/.git/HEAD'],
      ['model.bin', 'sub/model.bin'],
    ],
    [
      'an ignored name that occurs deeper too',
      { 'ignore-me': 't', 'signme-1': 's', 'subdir/ignore-me': 'n' },
      ['ignore-me'],
      ['signme-1', 'subdir/ignore-me'],
    ],
  ])('signs and verifies %s', async (_, files, ignored, expected) => {
    await writeModel(files);
    expect(await sign(...ignoring(...ignored))).toBe(0);
    expect(await signedFiles()).toEqual(expected);
    expect(await verify(...ignoring(...ignored))).toBe(0);
    await write('model/injected.bin', 'injected');
    expect(await verify(...ignoring(...ignored))).toBe(1);
    expect(await verify(...ignoring(...ignored), '--ignore-unsigned-files')).toBe(0);
    await write(`model/${expected[0]}`, 'TAMPERED CONTENT\n');
    expect(await verify(...ignoring(...ignored), '--ignore-unsigned-files')).toBe(1);
    await rm(path.join(model, expected[0]));
    expect(await verify(...ignoring(...ignored), '--ignore-unsigned-files')).toBe(1);
  });

  test('leaves out the bundle that lies inside the model', async () => {
    await writeModel(SIMPLE);
    bundle = path.join(model, 'bundle.sig');
    expect(await sign()).toBe(0);
    expect(await signedFiles()).toEqual(['ignore-me', 'signme-1', 'signme-2']);
    expect(await verify()).toBe(0);
  });

  test('refuses to sign a model without files and models with links', async () => {
    await writeModel({ '.gitignore': '.gitkeep\n' });
    expect(await sign()).toBe(1);
    for (const target of ['signme-1', '/nonexistent-target', '.']) {
      await writeModel(SIMPLE);
      await symlink(target, path.join(model, 'link'));
      expect(await sign()).toBe(1);
      await rm(path.join(model, 'link'));
    }
  });

  test('verifies under certificates with the root as anchor, and a self-signed leaf as its own', async () => {
    await writeModel({ 'model.bin': 'm' });
    const [root, middle] = [newTestKey('P-384'), newTestKey('P-384')];
    const ca = { ca: true, keyUsage: KEY_USAGE.keyCertSign };
    const leafUsage = { keyUsage: KEY_USAGE.digitalSignature, extendedUsages: [CODE_SIGNING] };
    const pem = {
      'root.pem': newCertificate({ subject: 'root', issuer: 'root', key: root.privateKey, issuerKey: root.privateKey, ...ca }),
      'middle.pem': newCertificate({ subject: 'middle', issuer: 'root', key: middle.privateKey, issuerKey: root.privateKey, ...ca }),
      'leaf.pem': newCertificate({
        subject: 'leaf',
        issuer: 'middle',
        key: key.privateKey,
        issuerKey: middle.privateKey,
        ca: false,
        ...leafUsage,
      }),
      'self.pem': newCertificate({
        subject: 'self',
        issuer: 'self',
        key: key.privateKey,
        issuerKey: key.privateKey,
        ca: true,
        ...leafUsage,
      }),
    };
    for (const [file, der] of Object.entries(pem)) await write(file, toPem(der));
    const certified = ['--method', 'certificate', '--model-path', model];
    const signing = (leaf: string, chain: string): Promise<number> =>
      run([
        'sign-model',
        ...certified,
        '--output-bundle',
        bundle,
        '--private-key',
        place('key.pem'),
        '--signing-cert',
        place(leaf),
        '--cert-chain',
        place(chain),
      ]);
    const verifying = (anchor: string): Promise<number> =>
      run(['verify-model', ...certified, '--bundle', bundle, '--cert-chain', place(anchor)]);

    expect(await signing('leaf.pem', 'middle.pem')).toBe(0);
    expect(await verifying('root.pem')).toBe(0);
    expect(await verifying('self.pem')).toBe(1);
    expect(await verify()).toBe(1);
    expect(await signing('self.pem', 'self.pem')).toBe(0);
    expect(await verifying('self.pem')).toBe(0);
    expect(await verifying('root.pem')).toBe(1);
  });

  test('refuses the wrong key, a cut bundle, an empty one and the keyless method', async () => {
    await writeModel({ 'model.bin': 'm' });
    expect(await sign()).toBe(0);
    await write('other.pub', newTestKey().publicKey);
    expect(
      await run(['verify-model', '--method', 'key', '--model-path', model, '--bundle', bundle, '--public-key', place('other.pub')]),
    ).toBe(1);
    expect(await run(['verify-model', '--method', 'sigstore', '--model-path', model, '--bundle', bundle])).not.toBe(0);
    const whole = await readFile(bundle);
    for (const part of [whole.subarray(0, 100), Buffer.alloc(0), Buffer.from('{"garbage": true}')]) {
      await writeFile(bundle, part);
      expect(await verify()).toBe(1);
    }
  });

  test.each([[[]], [['verify-model']], [['sign-model', '--method', 'key']], [['other']], [['verify-model', '--unknown']]])(
    'does not succeed when called as %j',
    async (args) => {
      expect(await run(args)).toBe(2);
    },
  );

  test('is an executable', async () => {
    await writeModel(SIMPLE);
    await sign();
    const code = await new Promise<number>((resolve) => {
      const child = execFile(path.join(__dirname, 'oms-adapter'), [
        'verify-model',
        '--method',
        'key',
        '--model-path',
        model,
        '--bundle',
        bundle,
        '--public-key',
        place('key.pub'),
      ]);
      child.on('exit', (exit) => resolve(exit ?? -1));
    });
    expect(code).toBe(0);
  });
});
