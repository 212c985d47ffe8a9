import type { Artifact, ArtifactStore } from '../ports/artifact-store';
import { artifactNameProblem } from './artifact-name';
import { sortedByCodePoint } from './code-point-order';
import type { IgnoreRules } from './ignore-rules';
import { quoted, SigningError } from './signing-error';

/**
 * The files that make up a model, in code point order, without what is ignored.
 *
 * @throws SigningError FILE_NAME_INVALID, FILE_IS_LINK, FILE_NOT_REGULAR or STORE_FAILED
 */
export async function takeInventory(store: ArtifactStore, ignore: IgnoreRules): Promise<Artifact[]> {
  const found = new Map<string, Artifact>();
  for await (const artifact of listed(store)) {
    if (ignore.matches(artifact.name)) continue;
    assertFile(artifact);
    if (found.has(artifact.name)) throw new SigningError('STORE_FAILED', `store lists ${quoted(artifact.name)} twice`);
    found.set(artifact.name, artifact);
  }
  return sortedByCodePoint(found.values(), (artifact) => artifact.name);
}

async function* listed(store: ArtifactStore): AsyncIterable<Artifact> {
  try {
    yield* store.list();
  } catch (cause) {
    throw storeFailed('list the model', cause);
  }
}

/** Turns what a store threw into the one error of this area. */
export function storeFailed(action: string, cause: unknown): SigningError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new SigningError('STORE_FAILED', `store could not ${action}: ${why}`, { cause });
}

function assertFile(artifact: Artifact): void {
  const problem = artifactNameProblem(artifact.name);
  if (problem) throw new SigningError('FILE_NAME_INVALID', `file name ${quoted(artifact.name)} ${problem}`);
  if (artifact.kind === 'link') {
    throw new SigningError('FILE_IS_LINK', `${quoted(artifact.name)} is a symbolic link; models hold files only`);
  }
  if (artifact.kind === 'other') throw new SigningError('FILE_NOT_REGULAR', `${quoted(artifact.name)} is not a regular file`);
}
