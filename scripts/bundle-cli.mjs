#!/usr/bin/env node
// Bundles bin/secure-ai.ts with all that it needs to dist/cli/secure-ai.js: executable, without dependencies. What needs the AWS SDK goes to
// files beside it, which the command loads to ask an account and never otherwise.
import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as vm from 'node:vm';
import { brotliCompressSync } from 'node:zlib';
import { build, transformSync } from 'esbuild';
import { noticesOf, packagesOf } from './bundle.mjs';

/** Largest command, in bytes; Node reads all of it at every start. */
export const CLI_BUDGET = 1_500_000;
/** Largest bundle of what needs the AWS SDK, in bytes, for each. */
export const AWS_BUDGET = 700_000;

/** Files of lib/cli that need the AWS SDK. */
const BESIDE_THE_COMMAND = ['aws-access', 'aws-session'];
// The command works on files: whoever runs it need not have the construct libraries.
const SYNTH_ONLY = ['aws-cdk-lib', 'constructs', 'cdk-nag'];
// cli-table3 asks for it when a style names a colour; the command paints with picocolors and names none.
const NEVER_LOADED = ['@colors/colors'];

/**
 * Bundles the command, checks licences and budget, and writes it.
 *
 * @param {string} root
 * @param {string} [outfile]
 * @returns {Promise<{ file: string, bytes: number, packages: string[] }>}
 */
export async function bundleCli(root, outfile = path.join(root, 'dist', 'cli', 'secure-ai.js')) {
  const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
  const result = await build({
    absWorkingDir: root,
    entryPoints: ['bin/secure-ai.ts'],
    outfile,
    write: false,
    bundle: true,
    metafile: true,
    platform: 'node',
    target: 'node20',
    // Sub-commands are loaded on use; in this format a module inside the one file runs when it is asked for, not before.
    format: 'cjs',
    external: [...NEVER_LOADED.map((name) => `${name}/*`), ...BESIDE_THE_COMMAND.map((name) => `./${name}.js`)],
    define: { SECURE_AI_VERSION: JSON.stringify(version) },
    // Names stay, so that --debug shows a trace that can be read.
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    charset: 'utf8',
    logLevel: 'silent',
    // The result must depend on the sources alone: not on where dependencies are linked from, nor on a tsconfig nearby.
    preserveSymlinks: true,
    tsconfigRaw: '{}',
    plugins: [{ name: 'packed-table', setup: ({ onLoad }) => onLoad({ filter: /iam-table\.generated\.ts$/ }, ({ path: file }) => ({ contents: packed(file), loader: 'js' })) }],
  });
  const packages = packagesOf(root, Object.keys(result.metafile.inputs));
  const stray = packages.find(({ name }) => SYNTH_ONLY.includes(name));
  if (stray) throw new Error(`bin/secure-ai.ts reaches ${stray.name}: the command may not import synth code`);
  const notices = noticesOf(root, packages, 'This file contains code of the packages below.').replaceAll('*/', '* /');
  const code = `#!/usr/bin/env node\n${result.outputFiles[0].text.trimEnd()}\n/*\n${notices}*/\n`;
  const bytes = Buffer.byteLength(code);
  if (bytes > CLI_BUDGET) throw new Error(`the command is ${bytes} bytes, over its budget of ${CLI_BUDGET}`);
  fs.mkdirSync(path.dirname(outfile), { recursive: true });
  fs.writeFileSync(outfile, code);
  fs.chmodSync(outfile, 0o755);
  for (const name of BESIDE_THE_COMMAND) await bundleBeside(root, name, path.join(path.dirname(outfile), `${name}.js`));
  return { file: outfile, bytes, packages: packages.map(({ name }) => name) };
}

/**
 * The table of actions as a module that unpacks it on use: only proofs read it, and Node reads the command at every start.
 *
 * @param {string} file
 */
function packed(file) {
  const { code } = transformSync(fs.readFileSync(file, 'utf8'), { loader: 'ts', format: 'cjs' });
  const module = { exports: {} };
  vm.runInNewContext(code, { module, exports: module.exports });
  const { IAM_TABLE } = /** @type {{ IAM_TABLE: unknown }} */ (module.exports);
  const text = brotliCompressSync(JSON.stringify(IAM_TABLE)).toString('base64');
  return `import { brotliDecompressSync } from 'node:zlib';\nexport const IAM_TABLE = JSON.parse(brotliDecompressSync(Buffer.from('${text}', 'base64')).toString());\n`;
}

/**
 * Bundles what needs the AWS SDK.
 *
 * @param {string} root
 * @param {string} name
 * @param {string} outfile
 */
async function bundleBeside(root, name, outfile) {
  const result = await build({
    absWorkingDir: root,
    entryPoints: [`lib/cli/${name}.ts`],
    outfile,
    write: false,
    bundle: true,
    metafile: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    // The SDK's ES modules shake far better than what `main` points to.
    mainFields: ['module', 'main'],
    minify: true,
    legalComments: 'none',
    charset: 'utf8',
    logLevel: 'silent',
    preserveSymlinks: true,
    tsconfigRaw: '{}',
  });
  const packages = packagesOf(root, Object.keys(result.metafile.inputs));
  const notices = noticesOf(root, packages, 'This file contains code of the packages below.').replaceAll('*/', '* /');
  const code = `${result.outputFiles[0].text.trimEnd()}\n/*\n${notices}*/\n`;
  const bytes = Buffer.byteLength(code);
  if (bytes > AWS_BUDGET) throw new Error(`${outfile} is ${bytes} bytes, over its budget of ${AWS_BUDGET}`);
  fs.writeFileSync(outfile, code);
}

if (process.argv[1] && fs.realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    const { file, bytes } = await bundleCli(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
    process.stdout.write(`${(bytes / 1000).toFixed(1).padStart(8)} KB  ${file}\n`);
  } catch (error) {
    process.stderr.write(`bundling failed: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
