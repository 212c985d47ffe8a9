import * as path from 'node:path';
import type { Import, SourceTree } from './source-tree';

/** What `lib/` is built on; everything else is for tests and tools, or is a decision to write down in docs/adr/0001-dependencies.md. */
const FOUNDATION = /^(aws-cdk-lib|constructs|cdk-nag|@aws-sdk\/client-[a-z0-9-]+|node:[a-z]+)$/;
/** What the command shows text with, and finds and signs with for its questions to an account. It is bundled, and nothing else loads it. */
const BUNDLED_WITH_THE_COMMAND = new Set(['cli-table3', 'picocolors', '@aws-sdk/credential-provider-node', '@smithy/signature-v4']);
/** What one file alone reads with, which nothing but the command loads. */
const BUNDLED_READERS = new Map([['yaml', 'lib/assurance/template-source/yaml.ts']]);
const CDK = new Set(['aws-cdk-lib', 'constructs', 'cdk-nag']);

/** The folder of `lib/` that a file belongs to; empty for the root. */
function areaOf(file: string): string {
  const [, area, ...rest] = file.split('/');
  return rest.length > 0 ? area : '';
}

/** Imports between the areas that the architecture does not allow; type-only imports count. */
export function zoneProblems(tree: SourceTree): string[] {
  return tree.files.flatMap((file) =>
    tree
      .imports(file)
      .filter(({ to }) => tree.has(to) && !isAllowed(tree, file, to))
      .map(({ to }) => `${file} must not import ${to}`),
  );
}

function isAllowed(tree: SourceTree, file: string, to: string): boolean {
  const [from, target] = [areaOf(file), areaOf(to)];
  if (from === '') return to === `lib/${target}/index.ts` && target !== 'core';
  if (from === target || target === 'posture') return true;
  // Posture is the floor: nothing below it.
  if (from === 'posture' || target === '') return false;
  if (target === 'core') return true;
  if (from === 'platform') return true;
  if (from === 'testing' || from === 'cli') return target === 'assurance' || runsWithoutCdk(tree, to);
  if (from === 'core' || target === 'assurance') return false;
  return from === 'assurance' ? to.startsWith(`lib/${target}/rules/`) : to === `lib/${target}/api.ts`;
}

/** Cycles of imports that take effect at load, each as the files on it. */
export function importCycles(tree: SourceTree): string[] {
  const cycles: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, above: readonly string[]): void => {
    if (above.includes(file)) {
      cycles.push([...above.slice(above.indexOf(file)), file].join(' -> '));
      return;
    }
    if (done.has(file)) return;
    for (const { to, kind } of tree.imports(file)) if (kind === 'load' && tree.has(to)) visit(to, [...above, file]);
    done.add(file);
  };
  tree.files.forEach((file) => visit(file, []));
  return cycles;
}

/**
 * Whether a file runs in a Lambda function, or could: a handler, a contract, or pure logic.
 *
 * A folder inside an area holds pure logic. Not so `rules/`, which judge templates, and the folders of `assurance`, which reads cloud
 * assemblies; but there too, what lies in the folder of a handler is its logic.
 */
export function runsWithoutCdk(tree: SourceTree, file: string): boolean {
  if (/\.(lambda|contract)\.ts$/.test(file)) return true;
  const [, area, folder, ...rest] = file.split('/');
  if (rest.length === 0) return false;
  return tree.has(`lib/${area}/${folder}.lambda.ts`) || (area !== 'assurance' && folder !== 'rules');
}

/** Imports of the CDK by files that run without it, their types included, and by what is loaded with them. */
export function runtimeProblems(tree: SourceTree): string[] {
  return tree.files
    .filter((file) => runsWithoutCdk(tree, file))
    .flatMap((file) => [
      ...tree.imports(file).filter(({ to }) => CDK.has(to)).map((found) => `${file} runs without the CDK and imports ${found.to}`),
      ...tree
        .loadedWith(file)
        .filter((loaded) => loaded !== file)
        .flatMap((loaded) => tree.imports(loaded).filter(({ to, kind }) => kind === 'load' && CDK.has(to)))
        .map(({ from, to }) => `${file} runs without the CDK and loads ${from}, which imports ${to}`),
    ]);
}

/** What is loaded with the library and must not be: the AWS SDK, which is in the bundles only, and cdk-nag, which is loaded on use. */
export function loadProblems(tree: SourceTree): string[] {
  const unwanted = ({ to, kind }: Import) => (to.startsWith('@aws-sdk/') && kind !== 'type') || (to === 'cdk-nag' && kind === 'load');
  return tree
    .loadedWith('lib/index.ts')
    .flatMap((file) => tree.imports(file).filter(unwanted))
    .map(({ from, to }) => `${from} is loaded with the library and imports ${to}`);
}

/** Handlers that something imports: they are entry points and start their clients when loaded. */
export function importedHandlers(tree: SourceTree): string[] {
  return tree.files
    .flatMap((file) => tree.imports(file))
    .filter(({ to }) => to.endsWith('.lambda.ts'))
    .map(({ from, to }) => `${from} imports the handler ${path.posix.basename(to)}`);
}

/** Packages that the library imports, be it for a type, and that its users do not have or may not get. */
export function foreignPackages(tree: SourceTree): string[] {
  return tree.files
    .flatMap((file) => tree.imports(file))
    .filter(({ from, to }) => !tree.has(to) && !FOUNDATION.test(to) && !(areaOf(from) === 'cli' && BUNDLED_WITH_THE_COMMAND.has(to)))
    .filter(({ from, to }) => BUNDLED_READERS.get(to) !== from)
    .map(({ from, to }) => `${from} imports ${to}, which the library is not built on`);
}
