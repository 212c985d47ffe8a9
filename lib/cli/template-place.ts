import * as fs from 'node:fs';
import * as path from 'node:path';
import type { TemplateInput } from '../assurance/template';
import { TemplateError, TemplateModel } from '../assurance/template';
import { ConstructMetadata, type PostureRecords, postureRecords, readAssembly } from '../assurance/template-source';
import { readTemplateFile } from '../assurance/template-source/template-file';
import { CliError } from './cli-error';
import { shown, systemReason } from './input-file';

/** Where the CDK writes an app, unless it is told otherwise. */
const ASSEMBLY = 'cdk.out';

/** A synthesised app, or templates, as they lie on disk. */
export interface JudgedPlace {
  readonly paths: readonly string[];
  /** The cloud assembly, where one was given. */
  readonly directory?: string;
  readonly inputs: readonly TemplateInput[];
  /** Made when it is first asked for: proofs make models of their own. */
  readonly model: TemplateModel;
  readonly postures: PostureRecords;
  readonly metadata: ConstructMetadata;
}

/**
 * Reads a cloud assembly, templates, or directories of templates. Without a path, `cdk.out` of the working directory.
 *
 * @throws CliError INPUT_UNREADABLE or INPUT_INVALID
 */
export function openPlace(given: readonly string[]): JudgedPlace {
  const paths = given.length === 0 ? [ASSEMBLY] : given;
  if (given.length === 0 && !fs.existsSync(ASSEMBLY)) {
    throw new CliError('USAGE', `no path given, and there is no ${ASSEMBLY} here; run 'cdk synth' first, or give an assembly or a template`);
  }
  return asInput(() => {
    const assemblies = paths.filter(isAssembly);
    if (assemblies.length > 0 && paths.length > 1) {
      throw new CliError('USAGE', `${shown(assemblies[0])} is a cloud assembly: give it alone, one call for each`);
    }
    const inputs = paths.flatMap(inputsAt);
    const directory = assemblies.at(0);
    const metadata = ConstructMetadata.read(directory ?? '');
    let model: TemplateModel | undefined;
    return {
      paths,
      ...(directory === undefined ? {} : { directory }),
      inputs,
      get model() {
        return (model ??= asInput(() => TemplateModel.of(inputs)));
      },
      postures: postureRecords(metadata),
      metadata,
    };
  });
}

/** @throws CliError in the place of an error about templates */
function asInput<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof TemplateError) throw new CliError(cause.code === 'BAD_FILE' ? 'INPUT_UNREADABLE' : 'INPUT_INVALID', cause.message, { cause });
    throw cause;
  }
}

function isAssembly(location: string): boolean {
  return fs.existsSync(path.join(location, 'manifest.json'));
}

function inputsAt(location: string): TemplateInput[] {
  if (isAssembly(location)) return readAssembly(location);
  let stats: fs.Stats;
  try {
    stats = fs.statSync(location);
  } catch (cause) {
    throw new CliError('INPUT_UNREADABLE', `path ${shown(location)} ${systemReason(cause)}`, { cause });
  }
  if (!stats.isDirectory()) return [readTemplateFile(location)];
  const files = fs.readdirSync(location).filter((name) => /\.template(\.json)?$|\.ya?ml$/i.test(name)).sort();
  if (files.length === 0) {
    throw new CliError('INPUT_INVALID', `directory ${shown(location)} is no cloud assembly (no manifest.json) and holds no *.template.json or *.yaml: give cdk.out or templates`);
  }
  return files.map((name) => readTemplateFile(path.join(location, name)));
}
