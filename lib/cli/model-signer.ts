import { PemSigner } from '../models/ports/pem-signer';
import type { Signer } from '../models/ports/signer';
import { signStatement } from '../models/signing/sign-statement';
import { SigningError } from '../models/signing/signing-error';
import { CliError } from './cli-error';
import { readTextInput, shown } from './input-file';
import { readingInput } from './model-errors';

/** The signer of a private key in a file. @throws CliError INPUT_UNREADABLE or INPUT_INVALID */
export async function signerOf(keyFile: string): Promise<Signer> {
  const key = await readTextInput(keyFile, 'private key');
  return readingInput('private key', keyFile, () => PemSigner.of(key));
}

/** The signer of a key in KMS. @throws CliError USAGE */
export async function kmsSignerOf(keyArn: string): Promise<Signer> {
  // An alias could move between the call that gives the public key and the one that signs.
  const [, region] = /^arn:aws[a-z-]*:kms:([a-z0-9-]+):\d{12}:key\/[\w-]+$/.exec(keyArn) ?? [];
  if (region === undefined) throw new CliError('USAGE', `--kms-key is ${shown(keyArn)}; give the ARN of a key, not of an alias`);
  return (await import('./aws-access.js')).kmsSigner(keyArn, region);
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
