import type { IgnoreRules} from './ignore-rules';
import { ignoredBeside } from './ignore-rules';
import { SIGNATURE_NAME } from './signature-name';
import type { ModelStatement} from './model-statement';
import { assertRootDigest, readModelStatement } from './model-statement';
import { quoted, SigningError } from './signing-error';
import { step } from './verification-step';
import type { VerifyStatementOptions } from './verify-statement';
import { verifyStatement } from './verify-statement';

export interface VerifyModelSignatureOptions extends VerifyStatementOptions {
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
}

/** A statement that the trusted key signed and that holds together. Nothing is said about any file yet. */
export interface ModelSignature {
  readonly statement: ModelStatement;

  /** What to leave out when the files are compared. */
  readonly ignore: IgnoreRules;

  /** Hint of the key that verified the signature. */
  readonly keyHint: string;
}

/**
 * Verifies the signature of a model up to the point where its files are needed.
 * On its own this proves what was signed, not what lies there.
 *
 * @throws SigningError with the code of the refusal and the step that refused
 */
export function verifyModelSignature(bundle: Uint8Array, options: VerifyModelSignatureOptions): ModelSignature {
  const { payload, keyHint } = verifyStatement(bundle, options);
  const statement = step('statement', () => readModelStatement(payload));
  step('root-digest', () => assertRootDigest(statement));
  const ignore = step('ignore-paths', () => permittedIgnores(statement, options));
  return { statement, ignore, keyHint };
}

/** What is left out of the comparison. The signature may leave out only what the caller would leave out too. */
function permittedIgnores(statement: ModelStatement, options: VerifyModelSignatureOptions): IgnoreRules {
  const permitted = ignoredBeside(options.signatureName, options.ignorePaths);
  if (options.honourSignedIgnores) return permitted.with(statement.ignorePaths);
  for (const path of statement.ignorePaths) {
    // The usual name of a signature may be named when it is kept elsewhere; a file of that name is then compared.
    if (path !== SIGNATURE_NAME && !permitted.matches(path)) {
      throw new SigningError('IGNORE_PATH_REFUSED', `signature leaves out ${quoted(path)}, which the caller does not allow`);
    }
  }
  return permitted;
}
