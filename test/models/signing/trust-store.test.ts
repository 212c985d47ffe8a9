import { describe, expect, test } from 'vitest';
import { keyHint, publicKeyPem, readPublicKey } from '../../../lib/models/signing/elliptic-key';
import { signModel } from '../../../lib/models/signing/sign-model';
import { TrustStore } from '../../../lib/models/signing/trust-store';
import { verifyModel } from '../../../lib/models/signing/verify-model';
import { MemoryArtifactStore } from './memory-artifact-store';
import { expectRefusal } from './refusal';
import { newTestKey } from './test-key';

const JANUARY = new Date('2026-01-01T00:00:00Z');
const JUNE = new Date('2026-06-01T00:00:00Z');
const JULY = new Date('2026-07-01T00:00:00Z');

const first = newTestKey();
const second = newTestKey('P-384');
const hintOf = (pem: string): string => keyHint(readPublicKey(pem));

describe('trust store', () => {
  test('verifies signatures of both keys after a rotation and signs with the new one only', async () => {
    const store = new MemoryArtifactStore([['weights.bin', 'w']]);
    const before = (await signModel(store, first.signer)).bundle;
    const trustStore = TrustStore.EMPTY.add(first.publicKey, JANUARY).rotate(second.publicKey, JUNE);
    const after = (await signModel(store, second.signer)).bundle;
    for (const bundle of [before, after]) await verifyModel(store, bundle, { trust: { trustStore, at: JULY } });
    expect(trustStore.signingKeys(JULY).map(({ hint }) => hint)).toEqual([hintOf(second.publicKey)]);
  });

  test('refuses everything of a revoked key, and nothing of the others', async () => {
    const store = new MemoryArtifactStore([['weights.bin', 'w']]);
    const trustStore = TrustStore.EMPTY.add(first.publicKey, JANUARY).rotate(second.publicKey, JUNE)
      .revoke(hintOf(first.publicKey), JULY, 'laptop lost');
    const old = (await signModel(store, first.signer)).bundle;
    const refusal = await expectRefusal(() => verifyModel(store, old, { trust: { trustStore, at: JULY } }), 'KEY_REVOKED', 'key');
    expect(refusal.message).toContain('laptop lost');
    await verifyModel(store, (await signModel(store, second.signer)).bundle, { trust: { trustStore, at: JULY } });
  });

  test('refuses a key that is not in it', async () => {
    const store = new MemoryArtifactStore([['weights.bin', 'w']]);
    const trustStore = TrustStore.EMPTY.add(first.publicKey, JANUARY);
    const { bundle } = await signModel(store, second.signer);
    await expectRefusal(() => verifyModel(store, bundle, { trust: { trustStore, at: JULY } }), 'KEY_NOT_TRUSTED', 'key');
    await expectRefusal(() => trustStore.keyFor('__proto__', JULY), 'KEY_NOT_TRUSTED');
    await expectRefusal(() => trustStore.keyFor('constructor', JULY), 'KEY_NOT_TRUSTED');
  });

  test('refuses a key before and after its validity', async () => {
    const trustStore = TrustStore.EMPTY.add(first.publicKey, JUNE, JULY);
    const hint = hintOf(first.publicKey);
    await expectRefusal(() => trustStore.keyFor(hint, JANUARY), 'KEY_OUTSIDE_VALIDITY');
    expect(publicKeyPem(trustStore.keyFor(hint, JUNE))).toBe(first.publicKey);
    await expectRefusal(() => trustStore.keyFor(hint, JULY), 'KEY_OUTSIDE_VALIDITY');
    await expectRefusal(() => trustStore.keyFor(hint, new Date(NaN)), 'KEY_OUTSIDE_VALIDITY');
  });

  test('keeps its history over writing and reading', () => {
    const trustStore = TrustStore.EMPTY.add(first.publicKey, JANUARY, JULY).rotate(second.publicKey, JUNE)
      .revoke(hintOf(first.publicKey), JULY, 'lost');
    const read = TrustStore.parse(trustStore.toBytes());
    expect(read.toBytes()).toEqual(trustStore.toBytes());
    expect(read.history.map(({ hint, retired, revoked }) => ({ hint, retired, revoked }))).toEqual([
      { hint: hintOf(first.publicKey), retired: JUNE, revoked: { at: JULY, reason: 'lost' } },
      { hint: hintOf(second.publicKey), retired: undefined, revoked: undefined },
    ]);
  });

  test('does not let a revoked key come back by adding it, and revokes only what is there', async () => {
    const revoked = TrustStore.EMPTY.add(first.publicKey, JANUARY).revoke(hintOf(first.publicKey), JUNE, 'lost');
    await expectRefusal(() => revoked.add(first.publicKey, JULY), 'TRUST_STORE_INVALID');
    await expectRefusal(() => revoked.rotate(first.publicKey, JULY), 'TRUST_STORE_INVALID');
    await expectRefusal(() => revoked.revoke(hintOf(second.publicKey), JULY, 'mistake'), 'KEY_NOT_TRUSTED');
    expect(revoked.revoke(hintOf(first.publicKey), JULY, 'again').history[0].revoked).toEqual({ at: JUNE, reason: 'lost' });
  });

  test('refuses a private key where a public one belongs', async () => {
    await expectRefusal(() => TrustStore.EMPTY.add(first.privateKeyPem, JANUARY), 'KEY_INVALID');
  });

  const valid = (): { schema: string; keys: Record<string, Record<string, unknown>> } =>
    JSON.parse(TrustStore.EMPTY.add(first.publicKey, JANUARY).toBytes().toString()) as ReturnType<typeof valid>;
  const entry = (change: Record<string, unknown>): unknown => {
    const document = valid();
    Object.assign(document.keys[hintOf(first.publicKey)], change);
    return document;
  };

  test.each<[string, unknown]>([
    ['another schema', { ...valid(), schema: 'other' }],
    ['an unknown field', { ...valid(), more: 1 }],
    ['a key under the hint of another', { ...valid(), keys: { [hintOf(second.publicKey)]: Object.values(valid().keys)[0] } }],
    ['an unknown field of a key', entry({ revocation: {} })],
    ['a revocation that is no object', entry({ revoked: false })],
    ['a revocation without reason', entry({ revoked: { at: '2026-01-01T00:00:00Z' } })],
    ['a local time', entry({ validFrom: '2026-01-01T00:00:00' })],
    ['a date that does not exist', entry({ validUntil: '2026-13-01T00:00:00Z' })],
    ['no public key', entry({ publicKey: 'text' })],
  ])('refuses a document with %s', async (_, document) => {
    await expectRefusal(() => TrustStore.parse(Buffer.from(JSON.stringify(document))), 'TRUST_STORE_INVALID');
  });

  test('refuses a document in which a second entry hides a revocation', async () => {
    const hint = hintOf(first.publicKey);
    const { [hint]: key } = valid().keys;
    const revoked = { ...key, revoked: { at: '2026-01-01T00:00:00Z', reason: 'lost' } };
    const text = `{"schema":"${valid().schema}","keys":{"${hint}":${JSON.stringify(revoked)},"${hint}":${JSON.stringify(key)}}}`;
    await expectRefusal(() => TrustStore.parse(Buffer.from(text)), 'TRUST_STORE_INVALID');
  });
});
