import type { ArtifactStore } from '../models/ports/artifact-store';
import { hashArtifacts } from '../models/signing/hash-artifacts';
import { ignoredBeside } from '../models/signing/ignore-rules';
import { takeInventory } from '../models/signing/inventory';
import { treeDigest } from '../models/signing/tree-digest';
import { CliError } from './cli-error';
import { shown } from './input-file';
import { refusalOf } from './model-errors';
import { ProgressLine } from './progress-line';
import type { Terminal } from './terminal';

/** The files of a model as a signature would list them. */
export interface DigestedModel {
  readonly files: readonly { readonly name: string; readonly size: number; readonly digest: string }[];
  readonly rootDigest: string;
}

/** Hashes a model without its signature. @throws CliError INPUT_INVALID - it holds what cannot be signed - or INPUT_UNREADABLE */
export async function digestModel(
  location: string, store: ArtifactStore, ignorePaths: readonly string[], signatureName: string | false, terminal: Terminal,
): Promise<DigestedModel> {
  const progress = new ProgressLine(terminal, 'hashing');
  try {
    const artifacts = await takeInventory(store, ignoredBeside(signatureName, ignorePaths));
    if (artifacts.length === 0) throw new CliError('INPUT_INVALID', `model ${shown(location)} has no file`);
    const digests = await hashArtifacts(store, artifacts.map((artifact) => ({ artifact })), {
      algorithm: 'sha256', onProgress: (bytes) => progress.update(bytes),
    });
    return { files: artifacts.map(({ name, size }, index) => ({ name, size, digest: digests[index] })), rootDigest: treeDigest(digests) };
  } catch (error) {
    if (error instanceof CliError) throw error;
    const { message } = refusalOf(error);
    throw new CliError('INPUT_INVALID', message, { cause: error });
  } finally {
    progress.end();
  }
}
