import { readEnvelope } from '../signing/envelope';
import { JsonShape } from '../signing/json-shape';
import { assertRootDigest, readModelStatement } from '../signing/model-statement';
import { SigningError } from '../signing/signing-error';
import { parseStrictJson } from '../signing/strict-json';
import { DeployCheckError } from './deploy-check-error';
import type { ManifestEntry } from './manifest';
import { readSmall, type ServedModel } from './served-model';
import type { ServedObjects } from './served-objects';

/**
 * Reads the signature that was made after the promotion, which must be about exactly the files of the manifest. Whether it is valid was for
 * the gate to say.
 *
 * @returns undefined for a model that brought its own, or has none
 * @throws DeployCheckError SIGNATURE_MISMATCH or NOT_READABLE
 */
export async function readLaterSignature({ laterSignature, files }: ServedModel, objects: ServedObjects): Promise<Buffer | undefined> {
  if (!laterSignature) return undefined;
  const bytes = await readSmall(laterSignature, objects);
  const signed = new Set(signedFiles(bytes));
  if (signed.size !== files.length || !files.every((file) => signed.has(lineOf(file)))) {
    throw new DeployCheckError('SIGNATURE_MISMATCH', 'the signature is not about the files that the manifest names');
  }
  return bytes;
}

/** The files of a signature as lines of a manifest. */
function signedFiles(bytes: Buffer): string[] {
  try {
    const { payload } = readEnvelope(JsonShape.of(parseStrictJson(bytes), 'bundle').object('dsseEnvelope'));
    const statement = readModelStatement(payload);
    assertRootDigest(statement);
    if (statement.algorithm !== 'sha256' || statement.shardSize !== undefined) return [];
    return statement.resources.map(({ path, digest }) => lineOf({ name: path, sha256: digest }));
  } catch (cause) {
    if (!(cause instanceof SigningError)) throw cause;
    throw new DeployCheckError('SIGNATURE_MISMATCH', `the signature cannot be read: ${cause.message}`, { cause });
  }
}

function lineOf({ name, sha256 }: ManifestEntry): string {
  return `${sha256}  ${name}`;
}
