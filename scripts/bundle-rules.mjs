/**
 * Makes one file of the compiled rules: three hundred small modules are a tenth of a second to read, at each synthesis that is judged.
 *
 * What rules share with the rest of the package stays outside, so that it is there once.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { build } from 'esbuild';

/**
 * @param {string} root
 * @returns {Promise<number>} of how many modules
 */
export async function bundleRules(root) {
  const rules = path.join(root, 'dist', 'assurance', 'rules');
  const entry = path.join(rules, 'rule-pack.js');
  const result = await build({
    absWorkingDir: rules,
    entryPoints: [entry],
    outfile: entry,
    allowOverwrite: true,
    bundle: true,
    metafile: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    charset: 'utf8',
    logLevel: 'silent',
    tsconfigRaw: '{}',
    plugins: [{
      name: 'rules-alone',
      setup: ({ onResolve }) => onResolve({ filter: /./ }, ({ path: wanted, kind, resolveDir }) => {
        if (kind === 'entry-point') return undefined;
        if (!wanted.startsWith('.')) return { path: wanted, external: true };
        const relative = path.relative(rules, path.resolve(resolveDir, wanted)).split(path.sep).join('/');
        return /^[\w-]+\//.test(relative) && !SHARED.test(relative) ? undefined : { path: relative.startsWith('.') ? relative : `./${relative}`, external: true };
      }),
    }],
  });
  const merged = Object.keys(result.metafile.inputs).filter((input) => input !== 'rule-pack.js');
  // Nobody else requires them: what stays behind would be read by nothing.
  for (const input of merged) {
    for (const file of [input, input.replace(/\.js$/, '.d.ts')]) fs.rmSync(path.join(rules, file), { force: true });
  }
  assertWhole(path.join(root, 'dist'));
  return merged.length;
}

/**
 * Whoever else requires a rule would fail when it is used, at a user's.
 *
 * @param {string} dist
 * @throws when a file requires one that is not there
 */
function assertWhole(dist) {
  const files = fs.readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.js') && !file.startsWith(`cli${path.sep}`));
  for (const file of files) {
    const directory = path.dirname(path.join(dist, file));
    for (const [, wanted] of fs.readFileSync(path.join(dist, file), 'utf8').matchAll(/\brequire\("(\.{1,2}\/[^"]*)"\)/g)) {
      const target = path.resolve(directory, wanted);
      if ([target, `${target}.js`, path.join(target, 'index.js')].some((one) => fs.statSync(one, { throwIfNoEntry: false })?.isFile())) continue;
      throw new Error(`dist/${file} requires ${wanted}, which is a part of rule-pack.js now: name its folder in SHARED of scripts/bundle-rules.mjs`);
    }
  }
}

/** What the attacks read as well. */
const SHARED = /^definitions\//;
