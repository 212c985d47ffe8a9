import type { KeyObject } from 'node:crypto';
import { createHash, createPublicKey } from 'node:crypto';
import type { Curve} from '../signing/elliptic-key';
import { curveOf, publicKeyPem } from '../signing/elliptic-key';
import { SigningError } from '../signing/signing-error';
import type { Signer } from './signer';

/** Request of `kms:Sign` as this library sends it. */
export interface KmsSignRequest {
  readonly KeyId: string;
  readonly Message: Uint8Array;
  readonly MessageType: 'DIGEST';
  readonly SigningAlgorithm: 'ECDSA_SHA_256' | 'ECDSA_SHA_384' | 'ECDSA_SHA_512';
}

/** The two calls that signing needs; the SDK's `KMS` class has them under the same names. */
export interface KmsSigningClient {
  getPublicKey(request: { readonly KeyId: string }): Promise<{ readonly PublicKey?: Uint8Array; readonly KeyUsage?: string }>;
  sign(request: KmsSignRequest): Promise<{ readonly Signature?: Uint8Array }>;
}

const ALGORITHMS: Record<Curve['hash'], KmsSignRequest['SigningAlgorithm']> = {
  sha256: 'ECDSA_SHA_256',
  sha384: 'ECDSA_SHA_384',
  sha512: 'ECDSA_SHA_512',
};

/**
 * Signs with an asymmetric KMS key of usage SIGN_VERIFY.
 *
 * The message is hashed here and sent as a digest: KMS takes no raw message over 4,096 bytes.
 */
export class KmsSigner implements Signer {
  private publicKey?: Promise<KeyObject>;

  /** @param keyId key id, ARN or alias; give an ARN of a key when an alias could move between two calls */
  public constructor(private readonly client: KmsSigningClient, private readonly keyId: string) {}

  public async publicKeyPem(): Promise<string> {
    return publicKeyPem(await this.key());
  }

  /** @throws SigningError KEY_INVALID or SIGNER_FAILED */
  public async sign(message: Uint8Array): Promise<Uint8Array> {
    const { hash } = curveOf(await this.key());
    const response = await this.client.sign({
      KeyId: this.keyId,
      Message: createHash(hash).update(message).digest(),
      MessageType: 'DIGEST',
      SigningAlgorithm: ALGORITHMS[hash],
    });
    if (!response.Signature?.length) throw new SigningError('SIGNER_FAILED', `kms gave no signature for key ${this.keyId}`);
    return response.Signature;
  }

  private key(): Promise<KeyObject> {
    // A failed call is not remembered, so that a throttled first call does not spoil the signer.
    this.publicKey ??= this.fetchKey().catch((error: unknown) => {
      this.publicKey = undefined;
      throw error;
    });
    return this.publicKey;
  }

  private async fetchKey(): Promise<KeyObject> {
    const response = await this.client.getPublicKey({ KeyId: this.keyId });
    if (!response.PublicKey?.length || response.KeyUsage !== 'SIGN_VERIFY') {
      throw new SigningError('KEY_INVALID', `kms key ${this.keyId} has usage ${response.KeyUsage}; it must be SIGN_VERIFY`);
    }
    let key: KeyObject;
    try {
      key = createPublicKey({ key: Buffer.from(response.PublicKey), format: 'der', type: 'spki' });
    } catch (cause) {
      throw new SigningError('KEY_INVALID', `kms gave a public key for ${this.keyId} that cannot be read`, { cause });
    }
    curveOf(key);
    return key;
  }
}
