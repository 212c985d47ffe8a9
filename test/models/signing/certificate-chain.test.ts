import { describe, expect, test } from 'vitest';
import { Certificate } from '../../../lib/models/signing/certificate';
import type { CertificatePolicy} from '../../../lib/models/signing/certificate-chain';
import { trustedLeafKey } from '../../../lib/models/signing/certificate-chain';
import { publicKeyPem } from '../../../lib/models/signing/elliptic-key';
import type { CertificateRequest} from './certificate-builder';
import { CODE_SIGNING, KEY_USAGE, newCertificate, SERVER_AUTH, toPem } from './certificate-builder';
import { expectRefusal } from './refusal';
import { newTestKey } from './test-key';

const NOW = new Date('2030-06-01T00:00:00Z');
const PAST = { from: new Date('2020-01-01T00:00:00Z'), to: new Date('2020-01-02T00:00:00Z') };
const FUTURE = { from: new Date('2031-01-01T00:00:00Z') };

const root = newTestKey();
const middle = newTestKey('P-384');
const leaf = newTestKey();

type Change = Partial<CertificateRequest>;

const rootCertificate = (change: Change = {}): Buffer =>
  newCertificate({
    subject: 'root',
    issuer: 'root',
    key: root.privateKey,
    issuerKey: root.privateKey,
    ca: true,
    keyUsage: KEY_USAGE.keyCertSign,
    ...change,
  });
const middleCertificate = (change: Change = {}): Buffer =>
  newCertificate({
    subject: 'middle',
    issuer: 'root',
    key: middle.privateKey,
    issuerKey: root.privateKey,
    ca: true,
    keyUsage: KEY_USAGE.keyCertSign,
    ...change,
  });
const leafCertificate = (change: Change = {}): Buffer =>
  newCertificate({
    subject: 'leaf',
    issuer: 'middle',
    key: leaf.privateKey,
    issuerKey: middle.privateKey,
    ca: false,
    keyUsage: KEY_USAGE.digitalSignature,
    extendedUsages: [CODE_SIGNING],
    ...change,
  });

const trusting = (...anchors: Buffer[]): CertificatePolicy => ({ anchors: anchors.map((der) => Certificate.fromDer(der)), at: NOW });

describe('certificate chain', () => {
  test('leads from the leaf over intermediates to an anchor and gives the key of the leaf', () => {
    expect(publicKeyPem(trustedLeafKey([leafCertificate(), middleCertificate()], trusting(rootCertificate())))).toBe(leaf.publicKey);
  });

  test('takes an intermediate as an anchor', () => {
    expect(() => trustedLeafKey([leafCertificate()], trusting(middleCertificate()))).not.toThrow();
  });

  test('takes a self-signed leaf that is its own anchor', () => {
    const own = leafCertificate({ issuer: 'leaf', issuerKey: leaf.privateKey });
    expect(() => trustedLeafKey([own, own], trusting(own))).not.toThrow();
  });

  test('ignores certificates in the bundle that lead nowhere', () => {
    const stray = rootCertificate({ subject: 'stray', issuer: 'stray', ...PAST });
    expect(() =>
      trustedLeafKey([leafCertificate(), stray, middleCertificate(), rootCertificate()], trusting(rootCertificate())),
    ).not.toThrow();
  });

  test('finds its way when a leaf has the name of its issuer', () => {
    const named = leafCertificate({ subject: 'middle' });
    expect(() => trustedLeafKey([named, middleCertificate()], trusting(rootCertificate()))).not.toThrow();
  });

  test('takes the valid one of two certificates of the same authority', () => {
    const chain = [leafCertificate(), middleCertificate(PAST), middleCertificate()];
    expect(() => trustedLeafKey(chain, trusting(rootCertificate(PAST), rootCertificate()))).not.toThrow();
  });

  test('refuses a chain to an authority that the caller does not trust, and a self-signed leaf of a stranger', async () => {
    const other = newTestKey();
    const otherRoot = rootCertificate({ key: other.privateKey, issuerKey: other.privateKey });
    await expectRefusal(() => trustedLeafKey([leafCertificate(), middleCertificate()], trusting(otherRoot)), 'CERTIFICATE_NOT_TRUSTED');
    await expectRefusal(
      () => trustedLeafKey([leafCertificate(), middleCertificate(), rootCertificate()], trusting(otherRoot)),
      'CERTIFICATE_NOT_TRUSTED',
    );
    const own = leafCertificate({ issuer: 'leaf', issuerKey: leaf.privateKey });
    await expectRefusal(() => trustedLeafKey([own], trusting(rootCertificate())), 'CERTIFICATE_NOT_TRUSTED');
    await expectRefusal(() => trustedLeafKey([leafCertificate(), middleCertificate()], trusting()), 'CERTIFICATE_NOT_TRUSTED');
  });

  test('refuses a certificate that has the name of a trusted authority but not its signature', async () => {
    const forged = middleCertificate({ issuerKey: middle.privateKey });
    await expectRefusal(() => trustedLeafKey([leafCertificate(), forged], trusting(rootCertificate())), 'CERTIFICATE_NOT_TRUSTED');
  });

  test.each([
    ['an expired leaf', leafCertificate(PAST), middleCertificate(), rootCertificate()],
    ['a leaf of tomorrow', leafCertificate(FUTURE), middleCertificate(), rootCertificate()],
    ['an expired intermediate', leafCertificate(), middleCertificate(PAST), rootCertificate()],
    ['an intermediate of tomorrow', leafCertificate(), middleCertificate(FUTURE), rootCertificate()],
    ['an expired anchor', leafCertificate(), middleCertificate(), rootCertificate(PAST)],
    ['a chain that was valid together once', leafCertificate(PAST), middleCertificate(PAST), rootCertificate(PAST)],
  ])('refuses %s', async (_, leafDer, middleDer, rootDer) => {
    await expectRefusal(() => trustedLeafKey([leafDer, middleDer], trusting(rootDer)), 'CERTIFICATE_OUTSIDE_VALIDITY');
  });

  test.each([
    ['an issuer that is no authority', leafCertificate(), middleCertificate({ ca: false }), rootCertificate()],
    [
      'an issuer without basic constraints',
      leafCertificate(),
      middleCertificate({ ca: undefined, keyUsage: undefined }),
      rootCertificate(),
    ],
    ['an issuer whose path length is used up', leafCertificate(), middleCertificate(), rootCertificate({ pathLength: 0 })],
    ['an issuer for servers only', leafCertificate(), middleCertificate({ extendedUsages: [SERVER_AUTH] }), rootCertificate()],
    ['a leaf that may not sign', leafCertificate({ keyUsage: 0x20 }), middleCertificate(), rootCertificate()],
    ['a leaf for servers', leafCertificate({ extendedUsages: [SERVER_AUTH] }), middleCertificate(), rootCertificate()],
    ['a leaf without extended usage', leafCertificate({ extendedUsages: undefined }), middleCertificate(), rootCertificate()],
    [
      'a leaf with neither usage',
      leafCertificate({ keyUsage: undefined, extendedUsages: undefined }),
      middleCertificate(),
      rootCertificate(),
    ],
  ])('refuses %s', async (_, leafDer, middleDer, rootDer) => {
    await expectRefusal(() => trustedLeafKey([leafDer, middleDer], trusting(rootDer)), 'CERTIFICATE_USAGE');
  });

  test('takes a leaf by key usage alone when the caller says so, and still none without any usage', async () => {
    const policy = { ...trusting(rootCertificate()), leafUsage: 'digital-signature' as const };
    expect(() => trustedLeafKey([leafCertificate({ extendedUsages: undefined }), middleCertificate()], policy)).not.toThrow();
    const none = leafCertificate({ keyUsage: undefined, extendedUsages: undefined });
    await expectRefusal(() => trustedLeafKey([none, middleCertificate()], policy), 'CERTIFICATE_USAGE');
  });

  test('refuses an issuer whose key usage is for signatures, not certificates', async () => {
    const chain = [leafCertificate(), middleCertificate({ keyUsage: KEY_USAGE.digitalSignature })];
    await expectRefusal(() => trustedLeafKey(chain, trusting(rootCertificate())), 'CERTIFICATE_NOT_TRUSTED');
  });

  test.each([
    ['an unknown critical extension', leafCertificate({ critical: '2.5.29.30' })],
    ['a signature over SHA-1', leafCertificate({ hash: 'sha1' })],
    ['trailing bytes', Buffer.concat([leafCertificate(), Buffer.from([0])])],
    ['a cut', leafCertificate().subarray(0, 200)],
    ['nothing', Buffer.from('no certificate')],
  ])('refuses a certificate with %s', async (_, der) => {
    await expectRefusal(() => trustedLeafKey([der, middleCertificate()], trusting(rootCertificate())), 'CERTIFICATE_INVALID');
  });

  test('ends on a ring of authorities that sign one another', async () => {
    const ring = Array.from({ length: 15 }, (_, n) =>
      middleCertificate({ subject: 'middle', issuer: 'middle', issuerKey: middle.privateKey, pathLength: n + 20 }),
    );
    const alien = newTestKey();
    await expectRefusal(
      () => trustedLeafKey([leafCertificate(), ...ring], trusting(rootCertificate({ key: alien.privateKey, issuerKey: alien.privateKey }))),
      'CERTIFICATE_NOT_TRUSTED',
    );
  });

  test('reads all certificates of a PEM file', async () => {
    expect(Certificate.allFromPem(`note\n${toPem(rootCertificate())}${toPem(middleCertificate())}`).map(({ label }) => label)).toEqual([
      '"CN=root"',
      '"CN=middle"',
    ]);
    await expectRefusal(() => Certificate.allFromPem('nothing here'), 'CERTIFICATE_INVALID');
  });
});
