#!/usr/bin/env node
// Bundles every lib/**/*.lambda.ts to assets/<area>/<name>/index.mjs. The same sources give the same bytes on every machine.
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** Largest handler, in bytes. */
export const HANDLER_BUDGET = 1_000_000;
/** Largest handler whose clients are those of KMS and S3, the usual pair, in bytes. */
export const KMS_S3_BUDGET = 480_000;

// What may be redistributed inside a bundle under the library's own Apache-2.0 licence.
const ALLOWED_LICENCES = new Set(['Apache-2.0', 'MIT', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD']);
// Handlers run without the construct libraries; one stray import would cost megabytes.
const SYNTH_ONLY = new Set(['aws-cdk-lib', 'constructs', 'cdk-nag']);

/**
 * @typedef {{ area: string, name: string, entry: string }} Handler
 * @typedef {Handler & { bytes: number, packages: string[] }} BundledHandler
 */

/**
 * The handlers of the library: the area is the folder under lib, the name is the file's.
 *
 * @param {string} root
 * @returns {Handler[]}
 * @throws when two handlers of one area have one name
 */
export function handlersOf(root) {
  const lib = path.join(root, 'lib');
  const entries = fs
    .readdirSync(lib, { recursive: true, encoding: 'utf8' })
    .map((file) => file.split(path.sep).join('/'))
    .filter((file) => file.endsWith('.lambda.ts'))
    .sort();
  const seen = new Map();
  return entries.map((file) => {
    const parts = file.split('/');
    if (parts.length < 2) throw new Error(`lib/${file} belongs to no area: move it into a folder`);
    const handler = { area: parts[0], name: parts[parts.length - 1].replace(/\.lambda\.ts$/, ''), entry: `lib/${file}` };
    const key = `${handler.area}/${handler.name}`;
    if (seen.has(key)) throw new Error(`${handler.entry} and ${seen.get(key)} would both become assets/${key}: rename one`);
    seen.set(key, handler.entry);
    return handler;
  });
}

/**
 * Bundles all handlers, checks licences and budgets, and only then replaces the content of `outdir`.
 *
 * Source maps lie beside the handler's folder, not in it, so that they are not deployed.
 *
 * @param {string} root
 * @param {string} outdir
 * @returns {Promise<BundledHandler[]>}
 */
export async function bundleHandlers(root, outdir = path.join(root, 'assets')) {
  const results = await Promise.all(handlersOf(root).map((handler) => bundleOne(root, handler)));
  const packages = new Map(results.flatMap((result) => result.packages.map((p) => [p.directory, p])));
  const notices = noticesOf(root, [...packages.values()], 'The handlers in this folder contain code of the packages below.');
  fs.rmSync(outdir, { recursive: true, force: true });
  fs.mkdirSync(outdir, { recursive: true });
  for (const { handler, code, map } of results) {
    const directory = path.join(outdir, handler.area, handler.name);
    fs.mkdirSync(directory, { recursive: true });
    fs.writeFileSync(path.join(directory, 'index.mjs'), code);
    fs.writeFileSync(`${directory}.map`, map);
  }
  if (results.length > 0) fs.writeFileSync(path.join(outdir, 'THIRD-PARTY-NOTICES.txt'), notices);
  return results.map(({ handler, code, packages: used }) => ({ ...handler, bytes: code.length, packages: used.map((p) => p.name) }));
}

/**
 * @param {string} root
 * @param {Handler} handler
 */
async function bundleOne(root, handler) {
  const result = await build({
    absWorkingDir: root,
    entryPoints: [handler.entry],
    outfile: path.join(root, 'assets', handler.area, handler.name, 'index.mjs'),
    write: false,
    bundle: true,
    metafile: true,
    platform: 'node',
    target: 'node22',
    format: 'esm',
    // The SDK's ES modules shake far better than what `main` points to: a third less.
    mainFields: ['module', 'main'],
    minify: true,
    sourcemap: 'external',
    sourcesContent: false,
    legalComments: 'none',
    charset: 'utf8',
    logLevel: 'silent',
    // The result must depend on the sources alone: not on where dependencies are linked from, nor on a tsconfig nearby.
    preserveSymlinks: true,
    tsconfigRaw: '{}',
  });
  const [code, map] = ['.mjs', '.map'].map((end) => result.outputFiles.find((file) => file.path.endsWith(end)));
  if (!code || !map) throw new Error(`esbuild wrote no code or no map for ${handler.entry}`);
  if (code.text.includes('Dynamic require of "')) {
    throw new Error(`${handler.entry} bundles a CommonJS module that requires at run time, which fails in an ES module: replace that dependency`);
  }
  const packages = packagesOf(root, Object.keys(result.metafile.inputs));
  const names = packages.map((p) => p.name);
  const stray = names.find((name) => SYNTH_ONLY.has(name));
  if (stray) throw new Error(`${handler.entry} reaches ${stray}: a handler may not import synth code`);
  const clients = names.filter((name) => name.startsWith('@aws-sdk/client-'));
  const budget = clients.join() === '@aws-sdk/client-kms,@aws-sdk/client-s3' ? KMS_S3_BUDGET : HANDLER_BUDGET;
  if (code.contents.length > budget) {
    throw new Error(`${handler.entry} is ${code.contents.length} bytes, over its budget of ${budget}`);
  }
  return { handler, code: Buffer.from(code.contents), map: rootedMap(map.text, handler), packages };
}

// Sources are named from the root of the repository, so that the map does not depend on where it lies.
/**
 * @param {string} text
 * @param {Handler} handler
 */
function rootedMap(text, handler) {
  /** @type {{ sources: string[] }} */
  const map = JSON.parse(text);
  map.sources = map.sources.map((source) => path.posix.join('assets', handler.area, handler.name, source));
  return JSON.stringify(map);
}

/**
 * The packages that the inputs of a bundle come from.
 *
 * @param {string} root
 * @param {string[]} inputs
 * @throws when one of them may not be redistributed inside a bundle
 */
export function packagesOf(root, inputs) {
  const directories = new Set();
  for (const input of inputs) {
    const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (match) directories.add(match[1]);
  }
  return [...directories].sort().map((directory) => {
    /** @type {{ name: string, version: string, license?: string }} */
    const manifest = JSON.parse(fs.readFileSync(path.join(root, directory, 'package.json'), 'utf8'));
    if (!ALLOWED_LICENCES.has(manifest.license ?? '')) {
      throw new Error(`${manifest.name} has the licence ${manifest.license ?? 'unknown'}, which may not be part of a bundle`);
    }
    return { directory, name: manifest.name, version: manifest.version, licence: /** @type {string} */ (manifest.license) };
  });
}

/**
 * The notices that the licences of bundled packages ask for; packages with one text share it.
 *
 * @param {string} root
 * @param {{ directory: string, name: string, version: string, licence: string }[]} packages
 * @param {string} title
 */
export function noticesOf(root, packages, title) {
  /** @type {Map<string, { text: string, names: string[] }>} */
  const byText = new Map();
  for (const { directory, name, version, licence } of packages.sort((a, b) => (a.directory < b.directory ? -1 : 1))) {
    const files = fs.readdirSync(path.join(root, directory)).filter((file) => /^(licen[cs]e|notice)/i.test(file)).sort();
    const text = files.map((file) => fs.readFileSync(path.join(root, directory, file), 'utf8').trim()).join('\n\n');
    const key = createHash('sha256').update(text).digest('hex');
    const group = byText.get(key) ?? { text, names: [] };
    group.names.push(`${name} ${version} (${licence})`);
    byText.set(key, group);
  }
  const groups = [...byText.values()].map(({ text, names }) => `${[...new Set(names)].join('\n')}\n\n${text}\n`);
  return `${title}\n\n${groups.join(`\n${'-'.repeat(78)}\n\n`)}`;
}

if (process.argv[1] && fs.realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    const handlers = await bundleHandlers(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
    for (const { area, name, bytes } of handlers) process.stdout.write(`${(bytes / 1000).toFixed(1).padStart(8)} KB  ${area}/${name}\n`);
  } catch (error) {
    process.stderr.write(`bundling failed: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
