#!/usr/bin/env node
// Writes the `exports` and `typesVersions` of package.json from lib/index.ts; with --check it only compares.
import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { areasOf } from './areas.mjs';

/**
 * The package entry points that belong to the areas of the library.
 *
 * `exports` serves CommonJS, ES modules and TypeScript's `node16` and later; `typesVersions` serves TypeScript's `node10`.
 *
 * @param {string} root
 */
export function entryPoints(root) {
  const areas = areasOf(root);
  return {
    exports: {
      '.': { types: './dist/index.d.ts', default: './dist/index.js' },
      ...Object.fromEntries(
        areas.map(({ folder }) => [
          `./${folder}`,
          { types: `./dist/${folder}/index.d.ts`, default: `./dist/${folder}/index.js` },
        ]),
      ),
      './package.json': './package.json',
      './.jsii': './.jsii',
    },
    typesVersions: { '*': Object.fromEntries(areas.map(({ folder }) => [folder, [`dist/${folder}/index.d.ts`]])) },
  };
}

/** @param {string} root */
function main(root) {
  const file = path.join(root, 'package.json');
  const before = fs.readFileSync(file, 'utf8');
  const { exports, typesVersions } = entryPoints(root);
  /** @type {Record<string, unknown>} */
  const manifest = JSON.parse(before);
  /** @type {Record<string, unknown>} */
  const next = {};
  for (const [key, value] of Object.entries(manifest)) {
    if (key === 'typesVersions') continue;
    next[key] = key === 'exports' ? exports : value;
    if (key === 'exports') next.typesVersions = typesVersions;
  }
  const after = `${JSON.stringify(next, null, 2)}\n`;
  if (after === before) return;
  if (process.argv.includes('--check')) {
    process.stderr.write('package.json is out of step with lib/index.ts: run node scripts/sync-exports.mjs\n');
    process.exitCode = 1;
    return;
  }
  fs.writeFileSync(file, after);
}

if (process.argv[1] && fs.realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  main(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
}
