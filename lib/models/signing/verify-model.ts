import { Artifact, ArtifactStore } from '../ports/artifact-store';
import { matchContent, matchNames } from './compare-model';
import { ignoredBeside, IgnoreRules, SIGNATURE_NAME } from './ignore-rules';
import { takeInventory } from './inventory';
import { assertRootDigest, ModelStatement, readModelStatement } from './model-statement';
import { quoted, SigningError } from './signing-error';
import { step } from './verification-step';
import { verifyStatement, VerifyStatementOptions } from './verify-statement';

export interface VerifyModelOptions extends VerifyStatementOptions {
  /**
   * Paths that may stay out of the comparison beside version control files and the signature, each with all below it.
   * The signature may name these and no others.
   *
   * @default - none
   */
  readonly ignorePaths?: readonly string[];

  /**
   * Leaves out whatever the signature names. The signer can then leave loadable code unsigned, so this is for signers
   * whom the caller trusts with that.
   *
   * @default false - a signature that names further paths is refused
   */
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
  const { payload, keyHint } = verifyStatement(bundle, options);
  const statement = step('statement', () => readModelStatement(payload));
  step('root-digest', () => assertRootDigest(statement));
  const ignore = step('ignore-paths', () => permittedIgnores(statement, options));
  const inventory = await step('inventory', () => takeInventory(store, ignore));
  const { matches, unsigned } = step('names', () => matchNames(statement, inventory, store, options.allowUnsignedFiles ?? false));
  await step('content', () => matchContent(store, matches, { ...options, algorithm: statement.algorithm }));
  // A file signed in shards matched once for each.
  const files = new Set(matches.map(({ artifact }) => artifact));
  return { rootDigest: statement.rootDigest, keyHint, files: [...files], unsigned };
}

/** What is left out of the comparison. The signature may leave out only what the caller would leave out too. */
function permittedIgnores(statement: ModelStatement, options: VerifyModelOptions): IgnoreRules {
  const permitted = ignoredBeside(options.signatureName, options.ignorePaths);
  if (options.honourSignedIgnores) return permitted.with(statement.ignorePaths);
  for (const path of statement.ignorePaths) {
    // The usual name stays permitted when a signature is kept elsewhere: nothing loads a model from it.
    if (path !== SIGNATURE_NAME && !permitted.matches(path)) {
      throw new SigningError('IGNORE_PATH_REFUSED', `signature leaves out ${quoted(path)}, which the caller does not allow`);
    }
  }
  return permitted;
}
