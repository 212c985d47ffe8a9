import { createHash, generateKeyPairSync, verify } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { PemSigner } from '../../../lib/models/ports/pem-signer';
import { expectRefusal } from '../signing/refusal';

const HASHES = { 'P-256': 'sha256', 'P-384': 'sha384', 'P-521': 'sha512' } as const;

describe('PEM signer', () => {
  test.each(Object.entries(HASHES))('signs with the hash of %s in DER', async (namedCurve, hash) => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
    const signer = PemSigner.of(privateKey.export({ type: 'sec1', format: 'pem' }).toString());
    const message = Buffer.from('message');
    expect(verify(hash, message, publicKey, Buffer.from(await signer.sign(message)))).toBe(true);
    expect(await signer.publicKeyPem()).toBe(publicKey.export({ type: 'spki', format: 'pem' }));
  });

  test('opens an encrypted key with its passphrase and names neither in a refusal', async () => {
    const pem = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
      .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'correct horse' }).toString();
    expect(createHash('sha256').update(await PemSigner.of(pem, 'correct horse').publicKeyPem()).digest('hex')).toMatch(/^[0-9a-f]{64}$/);
    for (const passphrase of [undefined, 'wrong horse']) {
      const refusal = await expectRefusal(() => PemSigner.of(pem, passphrase), 'KEY_INVALID');
      expect(`${refusal.message}${String(refusal.cause)}`).not.toMatch(/horse|MII/);
    }
  });

  test.each([
    ['RSA', generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey],
    ['Ed25519', generateKeyPairSync('ed25519').privateKey],
    ['secp256k1', generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey],
  ])('refuses a key of %s', async (_, key) => {
    await expectRefusal(() => PemSigner.of(key.export({ type: 'pkcs8', format: 'pem' }).toString()), 'KEY_INVALID');
  });

  test('refuses text that is no key', async () => {
    await expectRefusal(() => PemSigner.of('secret text'), 'KEY_INVALID');
  });
});
