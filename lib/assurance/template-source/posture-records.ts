import * as fs from 'node:fs';
import * as path from 'node:path';

/** Metadata key under which the library records what an organisation decided. */
const POSTURE = 'cdk-secure-ai:posture';

/** What the postures of an assembly say, by stack; only fields that are a text, a number or a truth value. */
export type PostureRecords = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

/** Reads the postures that the library left in a cloud assembly. An assembly of another app has none, and what cannot be read is none. */
export function readPostures(directory: string): PostureRecords {
  const records = new Map<string, Readonly<Record<string, unknown>>>();
  const { artifacts } = jsonOf(directory, 'manifest.json');
  for (const [name, artifact] of Object.entries(isObject(artifacts) ? artifacts : {})) {
    if (!isObject(artifact) || artifact.type !== 'aws:cloudformation:stack') continue;
    const id = typeof artifact.displayName === 'string' ? artifact.displayName : name;
    const apart = typeof artifact.additionalMetadataFile === 'string' ? jsonOf(directory, artifact.additionalMetadataFile) : {};
    const metadata = { ...(isObject(artifact.metadata) ? artifact.metadata : {}), ...apart };
    for (const entry of Object.values(metadata).flatMap((list) => (Array.isArray(list) ? (list as unknown[]) : []))) {
      if (isObject(entry) && entry.type === POSTURE && isObject(entry.data) && !records.has(id)) records.set(id, entry.data);
    }
  }
  return records;
}

function jsonOf(directory: string, name: string): Record<string, unknown> {
  const root = path.resolve(directory);
  const file = path.resolve(root, name);
  if (!file.startsWith(root + path.sep)) return {};
  try {
    const value: unknown = JSON.parse(fs.readFileSync(file, 'utf8'));
    return isObject(value) ? value : {};
  } catch {
    // The posture only takes questions away: without it everything is asked.
    return {};
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
