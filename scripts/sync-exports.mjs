/** Keeps `exports` and `typesVersions` of package.json in step with the areas of `lib/index.ts`. */
import * as fs from 'node:fs';
import * as path from 'node:path';

/** The areas that the root exports, in its order. */
export function areasOf(root) {
  return [...fs.readFileSync(path.join(root, 'lib/index.ts'), 'utf8').matchAll(/^export \* as (\w+) from '\.\/(\w+)';$/gm)].map(([, name]) => name);
}

/** The two entries as they should be. */
export function expectedExports(areas) {
  const entry = (file) => ({ types: `./dist/${file}.d.ts`, default: `./dist/${file}.js` });
  return {
    exports: {
      '.': entry('index'),
      ...Object.fromEntries(areas.map((area) => [`./${area}`, entry(`${area}/index`)])),
      './package.json': './package.json',
      './.jsii': './.jsii',
    },
    typesVersions: { '*': Object.fromEntries(areas.map((area) => [area, [`dist/${area}/index.d.ts`]])) },
  };
}

/** Rewrites package.json when it is out of step. */
export function syncExports(root) {
  const file = path.join(root, 'package.json');
  const before = fs.readFileSync(file, 'utf8');
  const manifest = JSON.parse(before);
  const { exports, typesVersions } = expectedExports(areasOf(root));
  const after = {};
  for (const [key, value] of Object.entries(manifest)) {
    if (key === 'typesVersions') continue;
    after[key] = key === 'exports' ? exports : value;
    if (key === 'exports') after.typesVersions = typesVersions;
  }
  const text = `${JSON.stringify(after, null, 2)}\n`;
  if (text !== before) fs.writeFileSync(file, text);
}
