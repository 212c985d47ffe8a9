import * as fs from 'node:fs';
import * as path from 'node:path';
import { TemplateError } from '../template';

/** What a construct left in the assembly. */
export interface MetadataEntry {
  readonly type: string;
  readonly data: unknown;
}

const MAX_BYTES = 256 * 1024 * 1024;
const MAX_DEPTH = 20;
const MAX_DATA_DEPTH = 100;

/** The metadata of every construct of a cloud assembly, by construct path without leading slash. */
export class ConstructMetadata {
  /**
   * Reads the metadata of an assembly and of the assemblies in it; a directory without manifest has none.
   *
   * @throws {@link TemplateError} `BAD_FILE` when a file of it is no JSON or lies outside.
   */
  static read(directory: string): ConstructMetadata {
    const metadata = new ConstructMetadata();
    if (fs.existsSync(path.join(directory, 'manifest.json'))) metadata.readAssembly(path.resolve(directory), path.resolve(directory), 0);
    return metadata;
  }

  private readonly entries = new Map<string, MetadataEntry[]>();
  private readonly paths = new Map<string, string>();

  /** Construct paths that have entries, in the order of the assembly. */
  get constructPaths(): Iterable<string> {
    return this.entries.keys();
  }

  /** The data of the entries of one kind at a construct. */
  dataAt(constructPath: string, type: string): unknown[] {
    return (this.entries.get(constructPath) ?? []).filter((entry) => entry.type === type).map(({ data }) => data);
  }

  /** The construct behind a logical id of a stack; undefined where the assembly does not say. */
  constructPathOf(stackId: string, logicalId: string): string | undefined {
    return this.paths.get(`${stackId}\n${logicalId}`);
  }

  /** Place in the source code where the construct, or the closest one above it that says so, was made: `file:line:column`. */
  locationOf(constructPath: string): string | undefined {
    for (let current = constructPath; current !== ''; current = current.slice(0, Math.max(0, current.lastIndexOf('/')))) {
      const [stack] = this.dataAt(current, 'aws:cdk:creationStack');
      const frame = Array.isArray(stack) ? stack.find((line): line is string => typeof line === 'string' && /:\d+:\d+\)?$/.test(line)) : undefined;
      if (frame !== undefined) return /\(?([^()]*:\d+:\d+)\)?$/.exec(frame)?.[1];
    }
    return undefined;
  }

  private readAssembly(directory: string, root: string, depth: number): void {
    if (depth > MAX_DEPTH) throw new TemplateError('BAD_FILE', `${directory} is an assembly nested deeper than ${MAX_DEPTH} levels`);
    const { artifacts } = object(readJson(path.join(directory, 'manifest.json')));
    for (const [name, raw] of Object.entries(object(artifacts))) {
      const artifact = object(raw);
      if (artifact.type === 'cdk:cloud-assembly') {
        this.readAssembly(inside(root, directory, object(artifact.properties).directoryName), root, depth + 1);
      }
      if (artifact.type !== 'aws:cloudformation:stack') continue;
      const stackId = typeof artifact.displayName === 'string' ? artifact.displayName : name;
      const file = artifact.additionalMetadataFile;
      this.addAll(object(artifact.metadata), stackId);
      if (typeof file === 'string') this.addAll(object(readJson(inside(root, directory, file))), stackId);
    }
  }

  private addAll(all: Readonly<Record<string, unknown>>, stackId: string): void {
    for (const [slashed, list] of Object.entries(all)) {
      const constructPath = slashed.replace(/^\//, '');
      for (const raw of Array.isArray(list) ? list : []) {
        const { type, data } = object(raw);
        if (typeof type !== 'string') continue;
        if (isDeeper(data, MAX_DATA_DEPTH)) throw new TemplateError('TOO_DEEP', `metadata of ${slashed} is nested deeper than ${MAX_DATA_DEPTH} levels`);
        const own = this.entries.get(constructPath);
        if (own === undefined) this.entries.set(constructPath, [{ type, data }]);
        else own.push({ type, data });
        if (type === 'aws:cdk:logicalId' && typeof data === 'string') this.paths.set(`${stackId}\n${data}`, constructPath);
      }
    }
  }
}

function object(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

/** Without recursion: depth is what it asks. */
function isDeeper(data: unknown, limit: number): boolean {
  let level = [data];
  for (let depth = 0; depth <= limit; depth++) {
    level = level.flatMap((value): unknown[] => (typeof value === 'object' && value !== null ? Object.values(value) : []));
    if (level.length === 0) return false;
  }
  return true;
}

function inside(root: string, directory: string, name: unknown): string {
  const file = path.resolve(directory, typeof name === 'string' ? name : '');
  if (!file.startsWith(root + path.sep)) {
    throw new TemplateError('BAD_FILE', `${directory} names '${String(name)}', which lies outside ${root}: only files of the assembly are read`);
  }
  return file;
}

function readJson(file: string): unknown {
  try {
    const { size } = fs.statSync(file);
    if (size > MAX_BYTES) throw new TemplateError('TOO_LARGE', `${file} has ${size} bytes: at most ${MAX_BYTES} are read`);
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch (cause) {
    if (cause instanceof TemplateError) throw cause;
    throw new TemplateError('BAD_FILE', `cannot read ${file} of the assembly: ${(cause as Error).message}; synthesise again`, { cause });
  }
}
