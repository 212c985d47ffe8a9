import type { Artifact, ArtifactStore } from '../ports/artifact-store';
import { matchDigests, matchNames } from './compare-model';
import { hashArtifacts } from './hash-artifacts';
import { takeInventory } from './inventory';
import { step } from './verification-step';
import type { VerifyModelSignatureOptions } from './verify-model-signature';
import { verifyModelSignature } from './verify-model-signature';

export interface VerifyModelOptions extends VerifyModelSignatureOptions {
  /** Whether files that are not signed may be there. They are reported. @default false */
  readonly allowUnsignedFiles?: boolean;

  /** Files read at the same time. @default 4 */
  readonly readers?: number;

  /** Called with the bytes hashed so far. */
  readonly onProgress?: (bytes: number) => void;
}

export interface VerifiedModel {
  readonly rootDigest: string;

  /** Hint of the key that verified the signature. */
  readonly keyHint: string;

  /** The signed files in the order of the signature, each with the version that was read. */
  readonly files: readonly Artifact[];

  /** Files that are there, not signed, and allowed by the caller. */
  readonly unsigned: readonly string[];
}

/**
 * Verifies a model against its signature. Everything that is not exactly as signed is refused.
 *
 * @throws SigningError with the code of the refusal and the step that refused
 */
export async function verifyModel(store: ArtifactStore, bundle: Uint8Array, options: VerifyModelOptions): Promise<VerifiedModel> {
  const { statement, ignore, keyHint } = verifyModelSignature(bundle, options);
  const inventory = await step('inventory', () => takeInventory(store, ignore));
  const { matches, unsigned } = step('names', () => matchNames(statement, inventory, store, options.allowUnsignedFiles ?? false));
  await step('content', async () => {
    const tasks = matches.map(({ artifact, resource }) => ({ artifact, range: resource.range }));
    matchDigests(matches, await hashArtifacts(store, tasks, { ...options, algorithm: statement.algorithm }));
  });
  // A file signed in shards matched once for each.
  const files = new Set(matches.map(({ artifact }) => artifact));
  return { rootDigest: statement.rootDigest, keyHint, files: [...files], unsigned };
}
