import * as fs from 'node:fs';
import * as path from 'node:path';
import { TemplateError } from '../template';
import { AssemblyFiles, isObject } from './assembly-files';

/** What a construct left in the assembly. */
export interface MetadataEntry {
  readonly type: string;
  readonly data: unknown;
}

const MAX_BYTES = 256 * 1024 * 1024;
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
    const files = new AssemblyFiles(directory);
    if (fs.existsSync(path.join(directory, 'manifest.json'))) metadata.readAssembly(files, files.root, 0);
    return metadata;
  }

  private readonly entries = new Map<string, MetadataEntry[]>();
  private readonly byStack = new Map<string, MetadataEntry[]>();
  private readonly paths = new Map<string, string>();

  /** Construct paths that have entries, in the order of the assembly. */
  get constructPaths(): Iterable<string> {
    return this.entries.keys();
  }

  /** The data of the entries of one kind at a construct. */
  dataAt(constructPath: string, type: string): unknown[] {
    return (this.entries.get(constructPath) ?? []).filter((entry) => entry.type === type).map(({ data }) => data);
  }

  /** The data of the entries of one kind anywhere in a stack, in the order of the assembly. */
  dataInStack(stackId: string, type: string): unknown[] {
    return (this.byStack.get(stackId) ?? []).filter((entry) => entry.type === type).map(({ data }) => data);
  }

  /** Ids of the stacks that have entries. */
  get stackIds(): Iterable<string> {
    return this.byStack.keys();
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

  private readAssembly(files: AssemblyFiles, directory: string, depth: number): void {
    const manifest = path.join(directory, 'manifest.json');
    for (const [name, artifact] of files.artifacts(directory, depth)) {
      if (artifact.type === 'cdk:cloud-assembly') {
        this.readAssembly(files, files.inside(directory, object(artifact.properties).directoryName, manifest), depth + 1);
      }
      if (artifact.type !== 'aws:cloudformation:stack') continue;
      const stackId = typeof artifact.displayName === 'string' ? artifact.displayName : name;
      const file = artifact.additionalMetadataFile;
      this.addAll(object(artifact.metadata), stackId);
      if (typeof file === 'string') this.addAll(object(files.readJson(files.inside(directory, file, manifest), MAX_BYTES)), stackId);
    }
  }

  private addAll(all: Readonly<Record<string, unknown>>, stackId: string): void {
    for (const [slashed, list] of Object.entries(all)) {
      const constructPath = slashed.replace(/^\//, '');
      for (const raw of Array.isArray(list) ? list : []) {
        const { type, data } = object(raw);
        if (typeof type !== 'string') continue;
        if (isDeeper(data, MAX_DATA_DEPTH)) throw new TemplateError('TOO_DEEP', `metadata of ${slashed} is nested deeper than ${MAX_DATA_DEPTH} levels`);
        const entry = { type, data };
        append(this.entries, constructPath, entry);
        append(this.byStack, stackId, entry);
        if (type === 'aws:cdk:logicalId' && typeof data === 'string') this.paths.set(`${stackId}\n${data}`, constructPath);
      }
    }
  }
}

function object(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? value : {};
}

function append(lists: Map<string, MetadataEntry[]>, key: string, entry: MetadataEntry): void {
  const own = lists.get(key);
  if (own === undefined) lists.set(key, [entry]);
  else own.push(entry);
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
