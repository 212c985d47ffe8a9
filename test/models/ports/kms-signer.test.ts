import { createHash, generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { KmsSigningClient, KmsSignRequest } from '../../../lib/models/ports/kms-signer';
import { KmsSigner } from '../../../lib/models/ports/kms-signer';
import { signModel } from '../../../lib/models/signing/sign-model';
import { verifyModel } from '../../../lib/models/signing/verify-model';
import { MemoryArtifactStore } from '../signing/memory-artifact-store';
import { expectRefusal } from '../signing/refusal';
import { signDigest } from './sign-digest';

const model = new MemoryArtifactStore([['weights.bin', 'w'.repeat(5000)]]);

/** KMS as far as signing uses it: it gets a digest, checks its length, and never sees the message. */
class FakeKms implements KmsSigningClient {
  public readonly requests: KmsSignRequest[] = [];
  public publicKeyCalls = 0;
  public keyUsage = 'SIGN_VERIFY';
  private readonly keys;

  public constructor(
    namedCurve: string,
    private readonly digestLength: number,
  ) {
    this.keys = generateKeyPairSync('ec', { namedCurve });
  }

  public get publicKey(): string {
    return this.keys.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  }

  public async getPublicKey(): Promise<{ PublicKey?: Uint8Array; KeyUsage?: string }> {
    this.publicKeyCalls++;
    return { PublicKey: new Uint8Array(this.keys.publicKey.export({ type: 'spki', format: 'der' })), KeyUsage: this.keyUsage };
  }

  public async sign(request: KmsSignRequest): Promise<{ Signature?: Uint8Array }> {
    this.requests.push(request);
    if (request.MessageType !== 'DIGEST' || request.Message.length !== this.digestLength) throw new Error('ValidationException');
    return { Signature: signDigest(request.Message, this.keys.privateKey) };
  }
}

describe('KMS signer', () => {
  test.each([
    ['P-256', 32, 'ECDSA_SHA_256'],
    ['P-384', 48, 'ECDSA_SHA_384'],
    ['P-521', 64, 'ECDSA_SHA_512'],
  ] as const)('sends the digest that belongs to %s and its algorithm', async (curve, length, algorithm) => {
    const kms = new FakeKms(curve, length);
    const { bundle } = await signModel(model, new KmsSigner(kms, 'arn:aws:kms:eu-central-1:111122223333:key/k'));
    await verifyModel(model, bundle, { trust: { publicKey: kms.publicKey } });
    expect(kms.requests).toEqual([
      {
        KeyId: 'arn:aws:kms:eu-central-1:111122223333:key/k',
        MessageType: 'DIGEST',
        SigningAlgorithm: algorithm,
        Message: expect.any(Uint8Array),
      },
    ]);
    expect(kms.publicKeyCalls).toBe(1);
  });

  test('hashes the message itself', async () => {
    const kms = new FakeKms('P-256', 32);
    await new KmsSigner(kms, 'k').sign(Buffer.alloc(10_000));
    expect(Buffer.from(kms.requests[0].Message)).toEqual(createHash('sha256').update(Buffer.alloc(10_000)).digest());
  });

  test('refuses a key of another usage and asks again after a failure', async () => {
    const kms = new FakeKms('P-256', 32);
    kms.keyUsage = 'ENCRYPT_DECRYPT';
    const signer = new KmsSigner(kms, 'k');
    await expectRefusal(() => signer.publicKeyPem(), 'KEY_INVALID');
    kms.keyUsage = 'SIGN_VERIFY';
    expect(await signer.publicKeyPem()).toBe(kms.publicKey);
  });

  test('refuses answers without a key, with a key that is none, and without a signature', async () => {
    const sign = async (): Promise<{ Signature?: Uint8Array }> => ({});
    await expectRefusal(
      () => new KmsSigner({ getPublicKey: async () => ({ KeyUsage: 'SIGN_VERIFY' }), sign }, 'k').publicKeyPem(),
      'KEY_INVALID',
    );
    const nonsense = { getPublicKey: async () => ({ PublicKey: Buffer.from('x'), KeyUsage: 'SIGN_VERIFY' }), sign };
    await expectRefusal(() => new KmsSigner(nonsense, 'k').publicKeyPem(), 'KEY_INVALID');
    const kms = new FakeKms('P-256', 32);
    await expectRefusal(() => new KmsSigner({ getPublicKey: () => kms.getPublicKey(), sign }, 'k').sign(Buffer.from('m')), 'SIGNER_FAILED');
  });
});
