import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { CHECKS_FILE } from '../checks-file';
import { AssemblyFiles, isObject } from '../template-source/assembly-files';

/** The results of the public packs that lie in an assembly, and the templates beside them. */
export interface RecordedChecks {
  /** Content of `checks.json`: an older or newer file may lack any of it, and a broken one hold anything. */
  readonly content: unknown;
  /** SHA-256 of each stack's template as it lies in the assembly, in hex, by the path of the stack. */
  readonly digests: ReadonlyMap<string, string>;
}

/**
 * The `checks.json` of an assembly; undefined where it has none.
 *
 * @throws TemplateError `BAD_FILE` when a file is no JSON or lies outside, `TOO_LARGE`
 */
export function readChecks(directory: string): RecordedChecks | undefined {
  const files = new AssemblyFiles(directory);
  const file = files.inside(files.root, CHECKS_FILE, 'the report');
  if (!fs.existsSync(file)) return undefined;
  return { content: files.readJson(file), digests: new Map(digestsIn(files, files.root, 0)) };
}

/** In which way the results are not those of the templates beside them: a stack that was not judged, changed since, or is gone. */
export function mismatchesOf({ content, digests }: RecordedChecks): string[] {
  const stacks = isObject(content) ? content.stacks : undefined;
  const judged = new Map((Array.isArray(stacks) ? stacks : []).filter(isObject).map((stack) => [String(stack.path), stack.sha256]));
  const present = [...digests].filter(([stack]) => isWithin(scopeOf(content), stack));
  return [
    ...present.filter(([stack]) => !judged.has(stack)).map(([stack]) => `stack '${stack}' is not in ${CHECKS_FILE}: the packs did not judge it`),
    ...present
      .filter(([stack, digest]) => judged.has(stack) && judged.get(stack) !== digest)
      .map(([stack]) => `the template of stack '${stack}' is not the one that the packs judged`),
    ...[...judged.keys()].filter((stack) => !digests.has(stack)).map((stack) => `${CHECKS_FILE} speaks of stack '${stack}', which is not there`),
  ];
}

/** Stacks of the assembly that the packs were not asked about. */
export function outOfScopeOf({ content, digests }: RecordedChecks): string[] {
  const scope = scopeOf(content);
  const left = [...digests.keys()].filter((stack) => !isWithin(scope, stack));
  return left.map((stack) => `the packs judged '${scope}' alone, and not stack '${stack}'`);
}

function scopeOf(content: unknown): string {
  return isObject(content) && typeof content.scope === 'string' ? content.scope : '';
}

/** The scope of an app is empty: every stack is within it. */
function isWithin(scope: string, stack: string): boolean {
  return scope === '' || stack.startsWith(`${scope}/`);
}

function digestsIn(files: AssemblyFiles, directory: string, depth: number): [string, string][] {
  const manifest = path.join(directory, 'manifest.json');
  if (!fs.existsSync(manifest)) return [];
  return files.artifacts(directory, depth).flatMap(([name, { type, displayName, properties }]): [string, string][] => {
    const named = isObject(properties) ? properties : {};
    if (type === 'cdk:cloud-assembly') return digestsIn(files, files.inside(directory, named.directoryName, manifest), depth + 1);
    if (type !== 'aws:cloudformation:stack') return [];
    const template = fs.readFileSync(files.inside(directory, named.templateFile, manifest));
    return [[typeof displayName === 'string' ? displayName : name, createHash('sha256').update(template).digest('hex')]];
  });
}
