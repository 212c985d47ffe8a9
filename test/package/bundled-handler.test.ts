import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

const ROOT = path.join(__dirname, '..', '..');

/** What scripts/bundle.mjs gives; it is plain JavaScript, so its shape is said here. */
type BundleHandlers = (root: string, outdir: string) => Promise<{ area: string; name: string; bytes: number; packages: string[] }[]>;

const READS_A_MODEL = `
  import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
  const s3 = new S3Client({ forcePathStyle: true });
  export async function handler(event: { readonly key: string }): Promise<string> {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'models', Key: event.key }));
    return Body!.transformToString();
  }
`;

let bundleHandlers: BundleHandlers;
let places: string[];
beforeAll(async () => {
  ({ bundleHandlers } = (await import(pathToFileURL(path.join(ROOT, 'scripts', 'bundle.mjs')).href)) as { bundleHandlers: BundleHandlers });
});
beforeEach(() => void (places = []));
afterEach(() => places.forEach((place) => fs.rmSync(place, { recursive: true, force: true })));

/** A library with the given files under lib, and with the dependencies of this one. */
function library(files: Record<string, string>, packages: Record<string, { manifest: object; code: string }> = {}): string {
  const root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'library-')));
  places.push(root);
  const write = (file: string, text: string) => {
    fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    fs.writeFileSync(path.join(root, file), text);
  };
  for (const [file, text] of Object.entries(files)) write(path.join('lib', file), text);
  for (const [name, { manifest, code }] of Object.entries(packages)) {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js', ...manifest }));
    write(`node_modules/${name}/index.js`, code);
  }
  if (Object.keys(packages).length === 0) fs.symlinkSync(path.join(ROOT, 'node_modules'), path.join(root, 'node_modules'), 'junction');
  return root;
}

const bundle = (root: string) => bundleHandlers(root, path.join(root, 'assets'));
const read = (root: string, file: string) => fs.readFileSync(path.join(root, 'assets', file), 'utf8');

/** Invokes a bundled handler in a Node of its own, with S3 at the given address. */
function invoke(file: string, event: object, endpoint: string): Promise<string> {
  const call = `import(process.argv[1]).then((m) => m.handler(${JSON.stringify(event)})).then((r) => process.stdout.write(r))`;
  const child = spawn(process.execPath, ['-e', call, pathToFileURL(file).href], {
    env: { AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret', AWS_ENDPOINT_URL: endpoint },
  });
  return new Promise((resolve, reject) => {
    const [out, err] = ['', ''].map((text) => ({ text }));
    child.stdout.on('data', (chunk) => (out.text += String(chunk)));
    child.stderr.on('data', (chunk) => (err.text += String(chunk)));
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve(out.text) : reject(new Error(err.text))));
  });
}

describe('a bundled handler', () => {
  test('runs away from its dependencies and talks to the service', async () => {
    const root = library({ 'models/read.lambda.ts': READS_A_MODEL });
    const [{ area, name }] = await bundle(root);
    const alone = fs.mkdtempSync(path.join(os.tmpdir(), 'function-'));
    places.push(alone);
    fs.cpSync(path.join(root, 'assets', area, name), alone, { recursive: true });
    const requests: string[] = [];
    const s3 = http.createServer((request, response) => {
      requests.push(`${request.method} ${request.url?.split('?')[0]} ${request.headers.authorization?.split(' ')[0]}`);
      response.end('weights');
    });
    await new Promise<void>((resolve) => s3.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = s3.address() as AddressInfo;
      expect(await invoke(path.join(alone, 'index.mjs'), { key: 'a.safetensors' }, `http://127.0.0.1:${port}`)).toBe('weights');
    } finally {
      s3.close();
    }
    expect(requests).toEqual(['GET /models/a.safetensors AWS4-HMAC-SHA256']);
  });

  test('is deployed without its source map, which names sources from the root of the repository', async () => {
    const root = library({ 'models/read.lambda.ts': READS_A_MODEL });
    await bundle(root);
    expect(fs.readdirSync(path.join(root, 'assets', 'models', 'read'))).toEqual(['index.mjs']);
    const { sources } = JSON.parse(read(root, 'models/read.map')) as { sources: string[] };
    expect(sources).toContain('lib/models/read.lambda.ts');
    expect(sources.filter((source) => !/^(lib|node_modules)\//.test(source))).toEqual([]);
  });

  test('has the same bytes where dependencies are linked from elsewhere', async () => {
    const [one, two] = [1, 2].map(() => library({ 'models/read.lambda.ts': READS_A_MODEL }));
    await Promise.all([bundle(one), bundle(two)]);
    for (const file of ['models/read/index.mjs', 'models/read.map', 'THIRD-PARTY-NOTICES.txt']) {
      expect(read(one, file) === read(two, file), `${file} differs`).toBe(true);
      expect(read(one, file).includes(one) || read(one, file).includes(ROOT), `${file} names a place`).toBe(false);
    }
  });

  test('comes with the notices of what it contains', async () => {
    const root = library({ 'models/read.lambda.ts': READS_A_MODEL });
    const [{ packages }] = await bundle(root);
    const notices = read(root, 'THIRD-PARTY-NOTICES.txt');
    expect(packages).toContain('@aws-sdk/client-s3');
    for (const name of packages) expect(notices).toMatch(new RegExp(`^${name} [\\d.]+ \\(`, 'm'));
    expect(notices).toContain('TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION');
  });
});

describe('the build refuses', () => {
  const handlerOf = (name: string) => ({ 'data/mask.lambda.ts': `import * as used from '${name}'; export const handler = () => used;` });
  const dependency = (manifest: object, code = 'export const value = 1;') => ({ dependency: { manifest: { module: 'index.js', ...manifest }, code } });
  const failure = async (root: string) => {
    const outdir = path.join(root, 'assets');
    fs.mkdirSync(outdir);
    fs.writeFileSync(path.join(outdir, 'before'), '');
    const message = await bundle(root).then(
      () => 'built',
      (error: Error) => error.message,
    );
    expect(fs.readdirSync(outdir)).toEqual(message === 'built' ? expect.not.arrayContaining(['before']) : ['before']);
    return message;
  };

  test('a dependency whose licence may not be shipped', async () => {
    expect(await failure(library(handlerOf('dependency'), dependency({ license: 'MIT' })))).toBe('built');
    expect(await failure(library(handlerOf('dependency'), dependency({ license: 'AGPL-3.0' })))).toContain('dependency has the licence AGPL-3.0');
    expect(await failure(library(handlerOf('dependency'), dependency({})))).toContain('dependency has the licence unknown');
  });

  test('a handler that reaches synth code', async () => {
    const packages = { constructs: { manifest: { license: 'Apache-2.0' }, code: 'module.exports = {};' } };
    expect(await failure(library(handlerOf('constructs'), packages))).toContain('reaches constructs: a handler may not import synth code');
  });

  test('a handler over its budget, with its size', async () => {
    const big = dependency({ license: 'MIT' }, `export const value = '${'x'.repeat(1_000_001)}';`);
    expect(await failure(library(handlerOf('dependency'), big))).toMatch(/data\/mask\.lambda\.ts is 1000\d{3} bytes, over its budget of 1000000/);
  });

  test('a handler with the clients of KMS and S3 over their smaller budget', async () => {
    const client = (code: string) => ({ manifest: { license: 'Apache-2.0', module: 'index.js' }, code });
    const files = { 'data/sign.lambda.ts': `import { kms } from '@aws-sdk/client-kms'; import { s3 } from '@aws-sdk/client-s3'; export const handler = () => [kms, s3];` };
    const packages = (size: number) => ({
      '@aws-sdk/client-kms': client('export const kms = process.version;'),
      '@aws-sdk/client-s3': client(`export const s3 = '${'x'.repeat(size)}';`),
    });
    expect(await failure(library(files, packages(400_000)))).toBe('built');
    expect(await failure(library(files, packages(480_001)))).toContain('over its budget of 480000');
  });

  test('a module that would require at run time, which an ES module cannot', async () => {
    const code = `const fs = require('node:fs'); module.exports = { value: fs.constants };`;
    expect(await failure(library(handlerOf('dependency'), { dependency: { manifest: { license: 'MIT' }, code } }))).toContain('requires at run time');
  });

  test('two handlers of one name in one area', async () => {
    const files = { 'data/mask.lambda.ts': 'export const handler = 1;', 'data/deep/mask.lambda.ts': 'export const handler = 2;' };
    expect(await failure(library(files))).toContain('would both become assets/data/mask');
  });
});
