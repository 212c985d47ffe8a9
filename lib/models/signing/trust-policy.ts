import type { KeyObject } from 'node:crypto';
import type { CertificatePolicy} from './certificate-chain';
import { trustedLeafKey } from './certificate-chain';
import { keyHint, readPublicKey } from './elliptic-key';
import { SigningError } from './signing-error';
import type { TrustStore } from './trust-store';
import type { VerificationMaterial } from './verification-material';

/** Whom the caller trusts. It decides the method too: a bundle of the other method is refused. */
export type TrustPolicy =
  /** One public key, SPKI in PEM. */
  | { readonly publicKey: string }
  /** A store of keys, read at this time. */
  | { readonly trustStore: TrustStore; readonly at: Date }
  /** Certificates that lead to one of the anchors. */
  | { readonly certificates: CertificatePolicy };

/**
 * The key to verify with, chosen by the caller's policy. What the bundle says is only compared with it.
 *
 * @throws SigningError METHOD_MISMATCH, KEY_HINT_MISMATCH, or what key store and certificate chain throw
 */
export function trustedKey(material: VerificationMaterial, trust: TrustPolicy): KeyObject {
  if ('certificates' in trust) {
    if (material.method !== 'certificate') throw mismatch(material, 'certificate');
    return trustedLeafKey(material.certificates, trust.certificates);
  }
  if (material.method !== 'key') throw mismatch(material, 'key');
  if ('trustStore' in trust) return trust.trustStore.keyFor(material.hint, trust.at);
  const key = readPublicKey(trust.publicKey);
  if (keyHint(key) !== material.hint) {
    throw new SigningError('KEY_HINT_MISMATCH', `bundle was signed by another key than the trusted one (${keyHint(key)})`);
  }
  return key;
}

function mismatch(material: VerificationMaterial, trusted: string): SigningError {
  return new SigningError('METHOD_MISMATCH', `bundle is signed by the method ${material.method}, the caller trusts the method ${trusted}`);
}
