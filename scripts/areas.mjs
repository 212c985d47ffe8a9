import * as fs from 'node:fs';
import * as path from 'node:path';

/**
 * The areas that the root exports, in its order. They are the one source of the package's subpaths.
 *
 * @param {string} root
 * @returns {{ name: string, folder: string }[]}
 * @throws when lib/index.ts holds anything else than `export * as area from './folder'`
 */
export function areasOf(root) {
  const lines = fs.readFileSync(path.join(root, 'lib', 'index.ts'), 'utf8').split('\n');
  return lines
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('//'))
    .map((line) => {
      const match = /^export \* as (\w+) from '\.\/([\w-]+)';$/.exec(line);
      if (!match) throw new Error(`lib/index.ts may hold only "export * as <area> from './<folder>';", found: ${line}`);
      return { name: match[1], folder: match[2] };
    });
}
