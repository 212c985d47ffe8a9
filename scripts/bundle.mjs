/** Bundles each `lib/<area>/<name>.lambda.ts` to `assets/<area>/<name>/index.mjs`: the same bytes on every machine. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { build } from 'esbuild';

const MAX_BYTES = 1_000_000;
/** A handler with the S3 and KMS clients and no more must stay below this. */
const MAX_SDK_BYTES = 480 * 1024;

export async function bundleHandlers(root, outdir) {
  const entries = fs.globSync ? fs.globSync('lib/*/*.lambda.ts', { cwd: root }) : handlersUnder(path.join(root, 'lib'), root);
  for (const entry of [...entries].sort()) {
    const [, area, file] = entry.split(path.sep);
    const name = file.replace(/\.lambda\.ts$/, '');
    const outfile = path.join(outdir, area, name, 'index.mjs');
    await build({
      // Relative paths only: the source map names its sources, and absolute ones would differ between machines.
      absWorkingDir: root,
      entryPoints: [entry],
      outfile,
      bundle: true,
      platform: 'node',
      target: 'node22',
      format: 'esm',
      mainFields: ['module', 'main'],
      minify: true,
      sourcemap: 'external',
      sourcesContent: false,
      legalComments: 'none',
      charset: 'utf8',
      logLevel: 'warning',
      // Some dependencies are CommonJS and require built-in modules, which an ES module must be given a way to do.
      banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
    });
    checkSize(entry, fs.statSync(outfile).size);
  }
}

function checkSize(entry, bytes) {
  const limit = Math.min(MAX_BYTES, MAX_SDK_BYTES);
  if (bytes > limit) throw new Error(`the bundle of ${entry} has ${bytes} bytes, more than ${limit}: leave something out, or split the handler`);
}

function handlersUnder(lib, root) {
  return fs
    .readdirSync(lib, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap((area) => fs.readdirSync(path.join(lib, area.name)).filter((file) => file.endsWith('.lambda.ts')).map((file) => path.join(lib, area.name, file)))
    .map((file) => path.relative(root, file));
}
