import * as path from 'node:path';
import type { TemplateInput } from '../template';
import { TemplateError } from '../template';
import { AssemblyFiles, isObject, MAX_ASSEMBLY_DEPTH } from './assembly-files';

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

class AssemblyReader {
  readonly inputs: TemplateInput[] = [];
  private readonly files: AssemblyFiles;

  constructor(
    directory: string,
    private readonly limits: AssemblyLimits,
  ) {
    this.files = new AssemblyFiles(directory);
  }

  read(directory: string, depth: number): void {
    const { fileBytes } = this.limits;
    const manifestFile = path.join(directory, 'manifest.json');
    const artifacts = this.files.artifacts(directory, depth, fileBytes);
    const sources = this.assetSources(directory, artifacts.map(([, artifact]) => artifact), manifestFile);
    for (const [name, artifact] of artifacts as [string, Artifact][]) {
      const { properties } = artifact;
      if (artifact.type === 'aws:cloudformation:stack') this.stack(directory, name, artifact, sources);
      if (artifact.type === 'cdk:cloud-assembly') this.read(this.files.inside(directory, properties?.directoryName, manifestFile), depth + 1);
    }
  }

  private assetSources(directory: string, artifacts: readonly Artifact[], manifestFile: string): AssetSources {
    const sources = new Map<string, string>();
    for (const artifact of artifacts) {
      if (artifact.type !== 'cdk:asset-manifest') continue;
      const assets = this.files.readJson(this.files.inside(directory, artifact.properties?.file, manifestFile), this.limits.fileBytes);
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
    const file = this.files.inside(directory, templateFile, path.join(directory, 'manifest.json'));
    const template = this.files.readJson(file, this.limits.fileBytes);
    this.inputs.push({ ...input, template, source: path.relative(this.files.root, file) });
    if (this.inputs.length > (this.limits.templates ?? 2000) || depth > MAX_ASSEMBLY_DEPTH) {
      throw new TemplateError(
        'TOO_LARGE',
        `${this.files.root} holds more than ${this.limits.templates ?? 2000} templates, or nested stacks without end`,
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
