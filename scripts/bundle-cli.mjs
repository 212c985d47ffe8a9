#!/usr/bin/env node
// Bundles bin/secure-ai.ts with all that it needs to dist/cli/secure-ai.js: one file, executable, without dependencies. Beside it lies what
// finds credentials and signs, for the one command that asks an account.
import * as fs from 'node:fs';
import * as path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { noticesOf, packagesOf } from './bundle.mjs';

/** Largest command, in bytes; Node reads all of it at every start. */
export const CLI_BUDGET = 600_000;
/** Largest session file, in bytes; it is read when an account is asked. */
export const SESSION_BUDGET = 800_000;

const SESSION_SOURCE = 'lib/cli/doctor/aws-session.ts';
const SESSION_FILE = 'aws-session.js';

// The command works on files: whoever runs it need not have the construct libraries.
const SYNTH_ONLY = ['aws-cdk-lib', 'constructs', 'cdk-nag'];
// cli-table3 asks for it when a style names a colour; the command paints with picocolors and names none.
const NEVER_LOADED = ['@colors/colors'];

/**
 * Bundles the command and the session file, checks licences and budgets, and writes them.
 *
 * @param {string} root
 * @param {string} [outfile]
 * @returns {Promise<{ file: string, bytes: number, packages: string[] }>} what there is to say about the command itself
 */
export async function bundleCli(root, outfile = path.join(root, 'dist', 'cli', 'secure-ai.js')) {
  const session = await bundled(root, SESSION_SOURCE, []);
  const command = await bundled(root, 'bin/secure-ai.ts', [besideTheCommand]);
  const code = `#!/usr/bin/env node\n${command.code}`;
  const bytes = Buffer.byteLength(code);
  if (bytes > CLI_BUDGET) throw new Error(`the command is ${bytes} bytes, over its budget of ${CLI_BUDGET}`);
  const sessionBytes = Buffer.byteLength(session.code);
  if (sessionBytes > SESSION_BUDGET) throw new Error(`${SESSION_FILE} is ${sessionBytes} bytes, over its budget of ${SESSION_BUDGET}`);
  fs.mkdirSync(path.dirname(outfile), { recursive: true });
  fs.writeFileSync(path.join(path.dirname(outfile), SESSION_FILE), session.code);
  fs.writeFileSync(outfile, code);
  fs.chmodSync(outfile, 0o755);
  return { file: outfile, bytes, packages: command.packages.map(({ name }) => name) };
}

/** Leaves the session file out of the command: Node would read it at every start. */
const besideTheCommand = {
  name: 'beside-the-command',
  setup: (/** @type {import('esbuild').PluginBuild} */ { onResolve }) => {
    onResolve({ filter: /\/aws-session(\.js)?$/ }, () => ({ path: `./${SESSION_FILE}`, external: true }));
  },
};

/**
 * @param {string} root
 * @param {string} entry
 * @param {import('esbuild').Plugin[]} plugins
 */
async function bundled(root, entry, plugins) {
  const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
  const result = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: 'out.js',
    write: false,
    bundle: true,
    metafile: true,
    platform: 'node',
    target: 'node20',
    // Sub-commands are loaded on use; in this format a module inside the one file runs when it is asked for, not before.
    format: 'cjs',
    external: NEVER_LOADED.map((name) => `${name}/*`),
    plugins,
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
  });
  const packages = packagesOf(root, Object.keys(result.metafile.inputs));
  const stray = packages.find(({ name }) => SYNTH_ONLY.includes(name));
  if (stray) throw new Error(`${entry} reaches ${stray.name}: the command may not import synth code`);
  const notices = noticesOf(root, packages, 'This file contains code of the packages below.').replaceAll('*/', '* /');
  return { code: `${result.outputFiles[0].text.trimEnd()}\n/*\n${notices}*/\n`, packages };
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
