#!/usr/bin/env node
// Compiles the library to dist/ and .jsii, and its handlers to assets/. Always from nothing: a stale file must not reach the package.
import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { areasOf } from './areas.mjs';
import { toLazy } from './lazy-exports.mjs';
import { buildDigest, forgetBuild, rememberBuild, withLock } from './setup.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/**
 * @param {string} label
 * @param {string[]} args
 * @returns {Promise<void>}
 */
function step(label, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      // jsii announces Node versions that are out of support on each run; which versions the library supports is decided in `engines`.
      env: { ...process.env, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '1', JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('error', reject);
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`${label} failed\n${output.trim()}`))));
  });
}

async function build() {
  const digest = buildDigest(root);
  const areas = areasOf(root);
  forgetBuild(root);
  for (const stale of ['dist', '.jsii', '.jsii.gz', 'tsconfig.tsbuildinfo']) fs.rmSync(path.join(root, stale), { recursive: true, force: true });
  await Promise.all([
    step('bundling the handlers', ['scripts/bundle.mjs']),
    step('jsii', [path.join('node_modules', 'jsii', 'bin', 'jsii'), '--fail-on-warnings']),
  ]);
  const index = path.join(root, 'dist', 'index.js');
  fs.writeFileSync(index, toLazy(fs.readFileSync(index, 'utf8'), areas));
  rememberBuild(root, digest);
}

withLock(root, build).catch((error) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
