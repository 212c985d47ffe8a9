#!/usr/bin/env node
// The compiler turns the root into eager requires; users who need one area would pay for all. This makes each area load on first use.
import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Rewrites the compiled root so that an area is loaded when it is first read.
 *
 * The line `exports.area = void 0` stays, and the name of each property is an assignment expression: the reader that Node uses to find
 * the named exports of a CommonJS file takes the names from the first and would drop a name that it sees defined as a getter.
 *
 * @param {string} compiled dist/index.js as the compiler wrote it
 * @param {readonly { name: string, folder: string }[]} areas what the root must export
 * @returns {string}
 * @throws when the compiled form is not the expected one, so that a new compiler cannot silently undo this
 */
export function toLazy(compiled, areas) {
  const marker = 'Object.defineProperty(exports, "__esModule", { value: true });\n';
  const start = compiled.indexOf(marker);
  if (start < 0) throw new Error('dist/index.js does not have the expected form: the __esModule line is missing');
  const body = compiled.slice(start + marker.length).split('\n');
  const names = [];
  let voidLine;
  for (const line of body) {
    if (line === '' || line.startsWith('//')) continue;
    if (/^(?:exports\.\w+ = )+void 0;$/.test(line) && voidLine === undefined) {
      voidLine = line;
      continue;
    }
    const match = /^exports\.(\w+) = __importStar\(require\("\.\/([\w-]+)"\)\);$/.exec(line);
    if (!match) throw new Error(`dist/index.js does not have the expected form: ${line}`);
    names.push({ name: match[1], folder: match[2] });
  }
  if (voidLine === undefined) throw new Error('dist/index.js does not have the expected form: the void line is missing');
  if (JSON.stringify(names) !== JSON.stringify(areas)) {
    throw new Error(`dist/index.js exports ${names.map((n) => n.name).join(', ')} but lib/index.ts names ${areas.map((a) => a.name).join(', ')}`);
  }
  return [
    '"use strict";',
    marker.trimEnd(),
    voidLine,
    'var _n;',
    'function lazy(name, load) {',
    '    return { enumerable: true, configurable: true, get: function () {',
    '        var value = load();',
    '        Object.defineProperty(exports, name, { enumerable: true, configurable: true, value: value });',
    '        return value;',
    '    } };',
    '}',
    ...names.map(
      ({ name, folder }) =>
        `Object.defineProperty(exports, _n = "${name}", lazy("${name}", function () { return require("./${folder}"); }));`,
    ),
    '',
  ].join('\n');
}

if (process.argv[1] && fs.realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const { areasOf } = await import('./areas.mjs');
  const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
  const file = path.join(root, 'dist', 'index.js');
  fs.writeFileSync(file, toLazy(fs.readFileSync(file, 'utf8'), areasOf(root)));
}
