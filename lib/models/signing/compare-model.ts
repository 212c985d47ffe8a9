import type { Artifact, ArtifactStore } from '../ports/artifact-store';
import type { ModelStatement } from './model-statement';
import type { Resource } from './resource';
import { ONE_FILE_NAME } from './resource';
import { shardedLengths } from './shards';
import { quoted, SigningError } from './signing-error';

/** A signed resource with the artifact that must match it. */
export interface Match {
  readonly resource: Resource;
  readonly artifact: Artifact;
}

export interface MatchedNames {
  readonly matches: readonly Match[];

  /** Files that are there and not signed. */
  readonly unsigned: readonly string[];
}

/**
 * Sets signed resources against the files that are there, by name and, for shards, by length.
 *
 * @param allowUnsigned whether files beyond the signed ones may be there
 * @throws SigningError FILE_MISSING, FILE_EXTRA, FILE_MISMATCH, SHARDS_INVALID or RESOURCE_NAME_INVALID
 */
export function matchNames(
  statement: ModelStatement, inventory: readonly Artifact[], store: Pick<ArtifactStore, 'name' | 'layout'>, allowUnsigned: boolean,
): MatchedNames {
  const artifacts = new Map(inventory.map((artifact) => [artifact.name, artifact]));
  const matches: Match[] = [];
  const missing = new Set<string>();
  const signed = new Set<string>();
  for (const resource of statement.resources) {
    const name = fileName(resource, store);
    const artifact = artifacts.get(name);
    signed.add(name);
    if (artifact) matches.push({ resource, artifact });
    else missing.add(name);
  }
  if (missing.size > 0) throw new SigningError('FILE_MISSING', `signed files are missing: ${shown(missing)}`);
  if (statement.shardSize !== undefined) assertLengths(matches, shardedLengths(statement.resources, statement.shardSize));
  const unsigned = inventory.filter(({ name }) => !signed.has(name));
  // Signing in shards leaves empty files out, so they cannot be told from added ones.
  const extra = unsigned.filter(({ size }) => statement.shardSize === undefined || size > 0).map(({ name }) => name);
  if (extra.length > 0 && !allowUnsigned) throw new SigningError('FILE_EXTRA', `files are not signed: ${shown(extra)}`);
  return { matches, unsigned: unsigned.map(({ name }) => name) };
}

/**
 * Sets the digests of the matched files, in their order, against the signed ones.
 *
 * @throws SigningError FILE_MISMATCH
 */
export function matchDigests(matches: readonly Match[], digests: readonly string[]): void {
  const changed = new Set(matches.filter(({ resource }, index) => digests[index] !== resource.digest).map(({ artifact }) => artifact.name));
  if (changed.size > 0) throw new SigningError('FILE_MISMATCH', `files differ from what was signed: ${shown(changed)}`);
}

/** Early signers named the file of a one-file model by a dot; in a directory a dot names nothing. */
function fileName(resource: Resource, store: Pick<ArtifactStore, 'name' | 'layout'>): string {
  if (resource.path !== ONE_FILE_NAME) return resource.path;
  if (store.layout === 'file') return store.name;
  throw new SigningError('RESOURCE_NAME_INVALID', 'statement is about a single file; verify it against that file, not a directory');
}

function assertLengths(matches: readonly Match[], lengths: ReadonlyMap<string, number>): void {
  for (const { artifact, resource } of matches) {
    if (artifact.size !== lengths.get(resource.path)) {
      const signed = lengths.get(resource.path);
      throw new SigningError('FILE_MISMATCH', `${quoted(artifact.name)} has ${artifact.size} bytes, signed are ${signed}`);
    }
  }
}

function shown(names: Iterable<string>): string {
  const all = [...names];
  const rest = all.length > 10 ? ` and ${all.length - 10} more` : '';
  return `${all.slice(0, 10).map(quoted).join(', ')}${rest}`;
}
