import { PemSigner } from '../models/ports/pem-signer';
import type { Signer } from '../models/ports/signer';
import { signStatement } from '../models/signing/sign-statement';
import { SigningError } from '../models/signing/signing-error';
import { CliError } from './cli-error';
import { readTextInput } from './input-file';
import { readingInput } from './model-errors';

/** The signer of a private key in a file. @throws CliError INPUT_UNREADABLE or INPUT_INVALID */
export async function signerOf(keyFile: string): Promise<Signer> {
  const key = await readTextInput(keyFile, 'private key');
  return readingInput('private key', keyFile, () => PemSigner.of(key));
}

/** Signs a statement. @throws CliError INPUT_INVALID - the key does not sign */
export async function signed(payload: Buffer, signer: Signer): Promise<Buffer> {
  try {
    return await signStatement(payload, signer);
  } catch (cause) {
    if (!(cause instanceof SigningError)) throw cause;
    throw new CliError('INPUT_INVALID', cause.message, { cause });
  }
}
