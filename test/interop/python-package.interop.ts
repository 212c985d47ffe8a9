/** The package as Python users get it: built, installed, imported, and held against the same app in TypeScript. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { InteropContext, InteropResult } from './interop-context';
import { runCommand } from './run-command';

export const name = 'Python package';

/** The runtime would print its banner about old Node versions into the output. */
const QUIET = { JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: '1', JSII_SILENCE_WARNING_DEPRECATED_NODE_VERSION: '1', AWS_EC2_METADATA_DISABLED: 'true' };

export async function run(context: InteropContext): Promise<InteropResult> {
  const site = await installPackage(context);
  const python = await synthesiseIn(context, 'python', context.python, ['test/interop/python/model_store.py'], { PYTHONPATH: site });
  const typescript = await synthesiseIn(context, 'typescript', process.execPath, ['node_modules/tsx/dist/cli.mjs', 'test/interop/python/model-store.ts'], {});

  const checks: [string, boolean][] = [
    ['the template of Python is the one of TypeScript', isDeepStrictEqual(python.template, typescript.template)],
    ['the template has resources', Object.keys(typescript.template.Resources ?? {}).length > 0],
    ['no finding is open in TypeScript', /^open=0 /.test(typescript.output)],
    ['Python reads the check results that TypeScript reads', python.output.split('\n')[0] === typescript.output.trim()],
    ['a refusal reaches Python with its text', python.output.includes('refused=True')],
  ];
  const failed = checks.filter(([, holds]) => !holds).map(([check]) => `not so: ${check} (Python: ${python.output.trim()}; TypeScript: ${typescript.output.trim()})`);
  return { passed: checks.length - failed.length, failed };
}

/** Generates the Python sources, builds the wheel and installs it where it cannot outlive the suite. */
async function installPackage({ root, python, temp }: InteropContext): Promise<string> {
  const packages = path.join(temp, 'packages');
  const site = path.join(temp, 'site');
  const pacmak = path.join(root, 'node_modules', 'jsii-pacmak', 'bin', 'jsii-pacmak');
  await runCommand(process.execPath, [pacmak, '--code-only', '--target', 'python', '--outdir', packages, root], { cwd: root, env: QUIET });
  // The dependencies are in the environment already.
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps', '--no-build-isolation'];
  await runCommand(python, [...pip, '--target', site, path.join(packages, 'python')]);
  return site;
}

async function synthesiseIn(
  { root, temp }: InteropContext,
  id: string,
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<{ readonly template: { readonly Resources?: object }; readonly output: string }> {
  const outdir = path.join(temp, id);
  const { stdout } = await runCommand(command, [...args, outdir], { cwd: root, env: { ...QUIET, CDK_OUTDIR: outdir, ...env } });
  const template = JSON.parse(fs.readFileSync(path.join(outdir, 'Models.template.json'), 'utf8')) as { readonly Resources?: object };
  return { template, output: stdout };
}
