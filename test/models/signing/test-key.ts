import type { KeyObject } from 'node:crypto';
import { generateKeyPairSync } from 'node:crypto';
import { PemSigner } from '../../../lib/models/ports/pem-signer';

export interface TestKey {
  readonly signer: PemSigner;
  readonly privateKey: KeyObject;
  readonly privateKeyPem: string;
  readonly publicKey: string;
}

/** A fresh key of a curve. */
export function newTestKey(namedCurve: 'P-256' | 'P-384' | 'P-521' = 'P-256'): TestKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
  const privateKeyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return {
    signer: PemSigner.of(privateKeyPem),
    privateKey,
    privateKeyPem,
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
}
