import * as fs from 'node:fs';
import * as path from 'node:path';
import { TemplateError } from '../template';
import { parseJson, readText } from './template-text';

/** Levels to which assemblies lie in each other. */
export const MAX_ASSEMBLY_DEPTH = 20;

/** The files of one cloud assembly. It may come from somewhere else, so nothing that it names is read from outside of it. */
export class AssemblyFiles {
  readonly root: string;

  constructor(directory: string) {
    this.root = path.resolve(directory);
  }

  /**
   * The path of a file or directory that a file of the assembly names.
   *
   * @throws {@link TemplateError} `BAD_FILE` outside of it, also by a link
   */
  inside(directory: string, name: unknown, namedBy: string): string {
    if (typeof name !== 'string' || name === '')
      throw new TemplateError('BAD_FILE', `${namedBy} names a file by ${JSON.stringify(name)}: expected a path`);
    const file = path.resolve(directory, name);
    if (file !== this.root && !file.startsWith(this.root + path.sep)) {
      throw new TemplateError('BAD_FILE', `${namedBy} names '${name}', which lies outside ${this.root}: only files of the assembly are read`);
    }
    // A link inside the assembly must not lead out of it either.
    if (fs.existsSync(file) && !`${fs.realpathSync(file)}${path.sep}`.startsWith(fs.realpathSync(this.root) + path.sep)) {
      throw new TemplateError(
        'BAD_FILE',
        `${namedBy} names '${name}', a link that leads outside ${this.root}: only files of the assembly are read`,
      );
    }
    return file;
  }

  /** Reads a JSON file. @throws {@link TemplateError} `BAD_FILE`, `TOO_LARGE` */
  readJson(file: string, maxBytes?: number): unknown {
    return parseJson(readText(file, maxBytes), file);
  }

  /** The artifacts of a manifest by name, each an object. @throws {@link TemplateError} `BAD_FILE` */
  artifacts(directory: string, depth: number, maxBytes?: number): [string, Readonly<Record<string, unknown>>][] {
    if (depth > MAX_ASSEMBLY_DEPTH)
      throw new TemplateError('BAD_FILE', `${directory} is an assembly nested deeper than ${MAX_ASSEMBLY_DEPTH} levels`);
    const file = path.join(directory, 'manifest.json');
    const manifest = this.readJson(file, maxBytes);
    const artifacts = isObject(manifest) ? manifest.artifacts : undefined;
    if (!isObject(artifacts)) throw new TemplateError('BAD_FILE', `${file} has no artifacts: expected the manifest of a cloud assembly`);
    return Object.entries(artifacts).map(([name, artifact]) => [name, isObject(artifact) ? artifact : {}]);
  }
}

/** Whether a value read from a file is an object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
