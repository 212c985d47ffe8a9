/** Builds the package: handlers to `assets/`, `lib/` to `dist/` and `.jsii`, then the lazy root and areas, the command, and the rules as one file. */
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { bundleHandlers } from './bundle.mjs';
import { bundleCli } from './bundle-cli.mjs';
import { bundleRules } from './bundle-rules.mjs';
import { makeAreaLazy, makeRootLazy } from './lazy-exports.mjs';
import { areasOf, syncExports } from './sync-exports.mjs';

const ROOT = path.resolve(path.dirname(new URL(import.meta.url).pathname), '..');

for (const output of ['dist', 'assets', '.jsii', 'tsconfig.tsbuildinfo']) fs.rmSync(path.join(ROOT, output), { recursive: true, force: true });
syncExports(ROOT);
await bundleHandlers(ROOT, path.join(ROOT, 'assets'));
const jsii = spawnSync(process.execPath, [path.join(ROOT, 'node_modules/jsii/bin/jsii'), '--fail-on-warnings'], {
  cwd: ROOT,
  stdio: 'inherit',
  // Node 20 still runs it; the banner would be the first thing that a newcomer sees.
  env: { ...process.env, JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '1', JSII_SILENCE_WARNING_DEPRECATED_NODE_VERSION: '1' },
});
if (jsii.status !== 0) process.exit(jsii.status ?? 1);
const DIST = path.join(ROOT, 'dist');
makeRootLazy(path.join(DIST, 'index.js'));
for (const area of areasOf(ROOT)) makeAreaLazy(path.join(DIST, area, 'index.js'));
await bundleCli(ROOT);
await bundleRules(ROOT);
