import { readVerdict, type ScanVerdict } from '../scan/scan-verdict';
import { UploadError } from '../scan/upload-error';
import { DeployCheckError } from './deploy-check-error';
import { readSmall, type ServedModel } from './served-model';
import type { ServedObjects } from './served-objects';

/**
 * Verifies that the scanner signed a clean verdict on exactly the files of a model. The promoter left it beside the manifest; who put it
 * there does not matter, since the scanner's key alone makes one.
 *
 * @param publicKey of the scanner, SPKI in PEM
 * @throws DeployCheckError VERDICT_MISSING, VERDICT_INVALID or VERDICT_NOT_CLEAN
 */
export async function checkVerdict(
  { files, verdict }: ServedModel, publicKey: () => Promise<string>, objects: ServedObjects,
): Promise<void> {
  if (!verdict) throw new DeployCheckError('VERDICT_MISSING', 'no verdict of the scanner lies beside the manifest: promote the model again');
  const judged = read(await readSmall(verdict, objects), await publicKey());
  if (judged.verdict !== 'CLEAN') throw new DeployCheckError('VERDICT_NOT_CLEAN', `the scanner's verdict is ${judged.verdict}: ${judged.reasons.join(', ')}`);
  if (contentsOf(judged.objects) !== contentsOf(files)) throw new DeployCheckError('VERDICT_INVALID', 'the verdict is about other files than the manifest');
}

function read(bundle: Uint8Array, publicKey: string): ScanVerdict {
  try {
    return readVerdict(bundle, publicKey);
  } catch (cause) {
    if (!(cause instanceof UploadError)) throw cause;
    throw new DeployCheckError('VERDICT_INVALID', cause.message, { cause });
  }
}

/** Both are in the order in which the promoter hashed them. */
function contentsOf(files: readonly { readonly name: string; readonly sha256: string }[]): string {
  return JSON.stringify(files.map(({ name, sha256 }) => [name, sha256]));
}
