import type { KeyObject} from 'node:crypto';
import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { curveOf, publicKeyPem } from '../signing/elliptic-key';
import { SigningError } from '../signing/signing-error';
import type { Signer } from './signer';

/** Signs with a private key in PEM (SEC1 or PKCS#8), as a developer or a pipeline without KMS holds it. */
export class PemSigner implements Signer {
  /**
   * @param pem the private key
   * @param passphrase needed when the key is encrypted
   * @throws SigningError KEY_INVALID - not a private key of P-256, P-384 or P-521
   */
  public static of(pem: string, passphrase?: string): PemSigner {
    let key: KeyObject;
    try {
      key = createPrivateKey({ key: pem, format: 'pem', passphrase });
    } catch (cause) {
      // The cause is left out: its text may quote the key.
      throw new SigningError('KEY_INVALID', `private key cannot be read${errorCode(cause)}; give an EC key in PEM`);
    }
    curveOf(key);
    return new PemSigner(key);
  }

  private constructor(private readonly key: KeyObject) {}

  public async publicKeyPem(): Promise<string> {
    return publicKeyPem(createPublicKey(this.key));
  }

  public async sign(message: Uint8Array): Promise<Uint8Array> {
    return sign(curveOf(this.key).hash, message, { key: this.key, dsaEncoding: 'der' });
  }
}

function errorCode(cause: unknown): string {
  const code = (cause as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? ` (${code})` : '';
}
