import { ArtifactStore } from '../ports/artifact-store';
import { matchContent, matchNames } from './compare-model';
import { ignoredBeside, IgnoreRules, SIGNATURE_NAME } from './ignore-rules';
import { takeInventory } from './inventory';
import { assertRootDigest, ModelStatement, readModelStatement } from './model-statement';
import { SignedFile } from './sign-model';
import { quoted, SigningError } from './signing-error';
import { step } from './verification-step';
import { verifyStatement, VerifyStatementOptions } from './verify-statement';

export interface VerifyModelOptions extends VerifyStatementOptions {
  /**
   * Paths that may stay out of the model beside version control files and the signature: the caller's own, and at the same
   * time the only further ones that the signature may name. `as-signed` takes all that the signature names, which lets a
   * signer leave loadable code unsigned.
   *
   * @default - none
   */
  readonly ignorePaths?: readonly string[];

  /** @default false - the signature may name no other paths than those above */
  readonly honourSignedIgnores?: boolean;

  /** Name of the signature inside the model; `false` when it lies elsewhere. @default model.sig */
  readonly signatureName?: string | false;

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

  /** The signed files in the order of the signature, each with the version that was read. A file signed in shards comes once. */
  readonly files: readonly SignedFile[];

  /** Files that are there, not signed, and allowed by the caller. */
  readonly unsigned: readonly string[];
}

/**
 * Verifies a model against its signature. Everything that is not exactly as signed is refused.
 *
 * @throws SigningError with the code of the refusal and the step that refused
 */
export async function verifyModel(store: ArtifactStore, bundle: Uint8Array, options: VerifyModelOptions): Promise<VerifiedModel> {
  const { payload, keyHint } = verifyStatement(bundle, options);
  const statement = step('statement', () => readModelStatement(payload));
  step('root-digest', () => assertRootDigest(statement));
  const ignore = step('ignore-paths', () => permittedIgnores(statement, options));
  const inventory = await step('inventory', () => takeInventory(store, ignore));
  const { matches, unsigned } = step('names', () => matchNames(statement, inventory, store, options.allowUnsignedFiles ?? false));
  await step('content', () => matchContent(store, matches, { ...options, algorithm: statement.algorithm }));
  const files = new Map(matches.map(({ artifact, resource }) => [artifact.name, { artifact, digest: resource.digest }]));
  return { rootDigest: statement.rootDigest, keyHint, files: [...files.values()], unsigned };
}

/** What is left out of the comparison. The signature may leave out only what the caller would leave out too. */
function permittedIgnores(statement: ModelStatement, options: VerifyModelOptions): IgnoreRules {
  const permitted = ignoredBeside(options.signatureName, options.ignorePaths);
  if (options.honourSignedIgnores) return new IgnoreRules([...permitted.paths, ...statement.ignorePaths]);
  for (const path of statement.ignorePaths) {
    // The usual name stays permitted when a signature is kept elsewhere: nothing loads a model from it.
    if (path !== SIGNATURE_NAME && !permitted.matches(path)) {
      throw new SigningError('IGNORE_PATH_REFUSED', `signature leaves out ${quoted(path)}, which the caller does not allow`);
    }
  }
  return permitted;
}
