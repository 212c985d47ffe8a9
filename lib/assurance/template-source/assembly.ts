import * as fs from 'node:fs';
import * as path from 'node:path';
import type { TemplateInput } from '../template';
import { TemplateError } from '../template';
import { parseJson, readText } from './template-text';

/** Bounds of what is read from disk. */
export interface AssemblyLimits {
  /** Bytes of one file. @default 67108864 */
  readonly fileBytes?: number;
  /** Templates in all. @default 2000 */
  readonly templates?: number;
}

interface Artifact {
  readonly type?: unknown;
  readonly environment?: unknown;
  readonly displayName?: unknown;
  readonly properties?: {
    readonly templateFile?: unknown;
    readonly stackName?: unknown;
    readonly directoryName?: unknown;
    readonly file?: unknown;
  };
}

/** Source files of assets by their hash: a nested stack's URL ends in the hash of its template. */
type AssetSources = ReadonlyMap<string, string>;

const MAX_ASSEMBLY_DEPTH = 20;

/**
 * Reads every template of a cloud assembly (`cdk.out`): stacks, nested stacks and stages.
 *
 * @throws {@link TemplateError} `BAD_FILE` for a file that is missing, too large, no JSON, or outside the assembly.
 */
export function readAssembly(directory: string, limits: AssemblyLimits = {}): TemplateInput[] {
  const reader = new AssemblyReader(directory, limits);
  reader.read(path.resolve(directory), 0);
  return reader.inputs;
}

/** Reads one JSON template; its file name gives the stack name. */
export function readTemplate(file: string, limits: AssemblyLimits = {}): TemplateInput {
  const stackName = path.basename(file).replace(/(\.template)?\.json$/i, '');
  return { stackName, template: readJson(file, limits.fileBytes), source: file };
}

class AssemblyReader {
  readonly inputs: TemplateInput[] = [];
  private readonly root: string;

  constructor(
    directory: string,
    private readonly limits: AssemblyLimits,
  ) {
    this.root = path.resolve(directory);
  }

  read(directory: string, depth: number): void {
    if (depth > MAX_ASSEMBLY_DEPTH)
      throw new TemplateError('BAD_FILE', `${directory} is an assembly nested deeper than ${MAX_ASSEMBLY_DEPTH} levels`);
    const manifestFile = path.join(directory, 'manifest.json');
    const manifest = readJson(manifestFile, this.limits.fileBytes);
    const artifacts = isObject(manifest) ? manifest.artifacts : undefined;
    if (!isObject(artifacts))
      throw new TemplateError('BAD_FILE', `${manifestFile} has no artifacts: expected the manifest of a cloud assembly`);
    const sources = this.assetSources(directory, Object.values(artifacts), manifestFile);
    for (const [name, raw] of Object.entries(artifacts)) {
      const artifact: Artifact = isObject(raw) ? raw : {};
      const { properties } = artifact;
      if (artifact.type === 'aws:cloudformation:stack') this.stack(directory, name, artifact, sources);
      if (artifact.type === 'cdk:cloud-assembly') this.read(this.inside(directory, properties?.directoryName, manifestFile), depth + 1);
    }
  }

  private assetSources(directory: string, artifacts: readonly unknown[], manifestFile: string): AssetSources {
    const sources = new Map<string, string>();
    for (const raw of artifacts) {
      const artifact: Artifact = isObject(raw) ? raw : {};
      if (artifact.type !== 'cdk:asset-manifest') continue;
      const assets = readJson(this.inside(directory, artifact.properties?.file, manifestFile), this.limits.fileBytes);
      for (const [hash, file] of Object.entries(isObject(assets) && isObject(assets.files) ? assets.files : {})) {
        const source = isObject(file) && isObject(file.source) ? file.source.path : undefined;
        if (typeof source === 'string') sources.set(hash, source);
      }
    }
    return sources;
  }

  private stack(directory: string, name: string, artifact: Artifact, sources: AssetSources): void {
    const { templateFile, stackName } = artifact.properties ?? {};
    const [account, region] = environment(artifact.environment);
    const id = typeof artifact.displayName === 'string' ? artifact.displayName : name;
    const shared = { ...(account ? { account } : {}), ...(region ? { region } : {}) };
    this.template(directory, templateFile, { ...shared, id, stackName: typeof stackName === 'string' ? stackName : name }, sources, 0);
  }

  private template(
    directory: string,
    templateFile: unknown,
    input: Omit<TemplateInput, 'template'>,
    sources: AssetSources,
    depth: number,
  ): void {
    const file = this.inside(directory, templateFile, path.join(directory, 'manifest.json'));
    const template = readJson(file, this.limits.fileBytes);
    this.inputs.push({ ...input, template, source: path.relative(this.root, file) });
    if (this.inputs.length > (this.limits.templates ?? 2000) || depth > MAX_ASSEMBLY_DEPTH) {
      throw new TemplateError(
        'TOO_LARGE',
        `${this.root} holds more than ${this.limits.templates ?? 2000} templates, or nested stacks without end`,
      );
    }
    for (const [logicalId, nestedFile] of nestedTemplates(template, sources)) {
      const id = `${input.id}/${logicalId}`;
      // CloudFormation names a nested stack after its parent, its logical id and random characters.
      const nested = {
        ...input,
        id,
        stackName: `${input.stackName}-${logicalId}`,
        parent: { stack: input.id ?? input.stackName, logicalId },
      };
      this.template(directory, nestedFile, nested, sources, depth + 1);
    }
  }

  /** A file named by the assembly must lie inside it: the assembly may come from somewhere else. */
  private inside(directory: string, name: unknown, namedBy: string): string {
    if (typeof name !== 'string' || name === '')
      throw new TemplateError('BAD_FILE', `${namedBy} names a file by ${JSON.stringify(name)}: expected a path`);
    const file = path.resolve(directory, name);
    if (file !== this.root && !file.startsWith(this.root + path.sep)) {
      throw new TemplateError(
        'BAD_FILE',
        `${namedBy} names '${name}', which lies outside ${this.root}: only files of the assembly are read`,
      );
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
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function environment(value: unknown): [string | undefined, string | undefined] {
  const match = /^aws:\/\/([^/]+)\/(.+)$/s.exec(String(value));
  const known = (text: string | undefined): string | undefined => (text === undefined || text.startsWith('unknown-') ? undefined : text);
  return [known(match?.[1]), known(match?.[2])];
}

/** The hash in the URL of a template, which may be put together by functions. Without recursion: nobody looked at its depth yet. */
function hashIn(properties: unknown): string | undefined {
  const open = [properties];
  while (open.length > 0) {
    const value = open.pop();
    const hash = typeof value === 'string' ? /\/([0-9a-f]{64})\.json$/.exec(value)?.[1] : undefined;
    if (hash !== undefined) return hash;
    if (typeof value === 'object' && value !== null) for (const item of Object.values(value)) open.push(item);
  }
  return undefined;
}

function nestedTemplates(template: unknown, sources: AssetSources): [string, string][] {
  const resources = isObject(template) && isObject(template.Resources) ? template.Resources : {};
  return Object.entries(resources).flatMap(([logicalId, raw]): [string, string][] => {
    if (!isObject(raw) || raw.Type !== 'AWS::CloudFormation::Stack') return [];
    const named = isObject(raw.Metadata) ? raw.Metadata['aws:asset:path'] : undefined;
    // Only the command line tool writes the metadata; the URL is always there.
    const hash = hashIn(raw.Properties);
    const file = typeof named === 'string' ? named : sources.get(hash ?? '');
    return file === undefined ? [] : [[logicalId, file]];
  });
}

function readJson(file: string, maxBytes?: number): unknown {
  return parseJson(readText(file, maxBytes), file);
}
