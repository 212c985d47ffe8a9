import type { Signer } from '../ports/signer';
import { artifactNameProblem } from './artifact-name';
import { sortedByCodePoint } from './code-point-order';
import { isHexDigest } from './digest-algorithm';
import type { IgnoreRules } from './ignore-rules';
import { writeModelStatement } from './model-statement';
import type { SigningCertificates} from './sign-statement';
import { signStatement } from './sign-statement';
import { quoted, SigningError } from './signing-error';
import { treeDigest } from './tree-digest';

/** A file of a model by its name and its SHA-256. */
export interface FileDigest {
  readonly name: string;
  readonly digest: string;
}

/** A signed list of files. */
export interface SignedFiles {
  /** Content of the signature file. */
  readonly bundle: Buffer;
  readonly rootDigest: string;
}

/**
 * Signs a model whose files were hashed elsewhere, as by many functions over one prefix. Any order will do.
 *
 * @param ignore what was left out; it is written into the signature
 * @throws SigningError MODEL_EMPTY, FILE_NAME_INVALID, RESOURCE_DUPLICATE, RESOURCE_DIGEST_INVALID, or what the signer throws
 */
export async function signFiles(
  modelName: string, files: readonly FileDigest[], ignore: IgnoreRules, signer: Signer, certificates?: SigningCertificates,
): Promise<SignedFiles> {
  if (files.length === 0) throw new SigningError('MODEL_EMPTY', `${modelName} has no file to sign`);
  const sorted = sortedByCodePoint(files, ({ name }) => name);
  for (const [index, { name, digest }] of sorted.entries()) {
    const problem = artifactNameProblem(name);
    if (problem) throw new SigningError('FILE_NAME_INVALID', `file name ${quoted(name)} ${problem}`);
    if (name === sorted[index - 1]?.name) throw new SigningError('RESOURCE_DUPLICATE', `file ${quoted(name)} is listed twice`);
    if (!isHexDigest('sha256', digest)) {
      throw new SigningError('RESOURCE_DIGEST_INVALID', `file ${quoted(name)} has no SHA-256 in lower-case hexadecimal`);
    }
  }
  const payload = writeModelStatement({
    modelName,
    algorithm: 'sha256',
    ignorePaths: ignore.paths,
    resources: sorted.map(({ name, digest }) => ({ path: name, digest })),
  });
  return { bundle: await signStatement(payload, signer, certificates), rootDigest: treeDigest(sorted.map(({ digest }) => digest)) };
}
