import type { KeyObject } from 'node:crypto';
import { createHash, createPublicKey } from 'node:crypto';
import { quoted, SigningError } from './signing-error';

/** A curve of the algorithm registry with the hash that belongs to it. */
export interface Curve {
  readonly name: 'P-256' | 'P-384' | 'P-521';
  readonly hash: 'sha256' | 'sha384' | 'sha512';
}

const CURVES: ReadonlyMap<string, Curve> = new Map([
  ['prime256v1', { name: 'P-256', hash: 'sha256' }],
  ['secp384r1', { name: 'P-384', hash: 'sha384' }],
  ['secp521r1', { name: 'P-521', hash: 'sha512' }],
]);

/** @throws SigningError KEY_INVALID - not a key of P-256, P-384 or P-521 */
export function curveOf(key: KeyObject): Curve {
  const curve = key.asymmetricKeyType === 'ec' ? CURVES.get(key.asymmetricKeyDetails?.namedCurve ?? '') : undefined;
  if (!curve) {
    const found = key.asymmetricKeyDetails?.namedCurve ?? key.asymmetricKeyType ?? key.type;
    throw new SigningError('KEY_INVALID', `key is of kind ${quoted(found)}; it must be of P-256, P-384 or P-521`);
  }
  return curve;
}

/**
 * Reads a public key in PEM and checks its curve.
 *
 * @throws SigningError KEY_INVALID - also for a private key, which nobody should hand to a verifier
 */
export function readPublicKey(pem: string): KeyObject {
  if (!/^-----BEGIN PUBLIC KEY-----/m.test(pem)) {
    throw new SigningError('KEY_INVALID', 'public key must be SPKI in PEM ("BEGIN PUBLIC KEY")');
  }
  let key: KeyObject;
  try {
    key = createPublicKey({ key: pem, format: 'pem' });
  } catch (cause) {
    throw new SigningError('KEY_INVALID', 'public key cannot be read; give SPKI in PEM', { cause });
  }
  curveOf(key);
  return key;
}

/** The one PEM form of a public key: SPKI, lines of 64, closed by a line feed. */
export function publicKeyPem(key: KeyObject): string {
  return key.export({ type: 'spki', format: 'pem' }).toString();
}

/** What names a key in a bundle: SHA-256 over the text of its PEM, line feeds included (not over the DER). */
export function keyHint(key: KeyObject): string {
  return createHash('sha256').update(publicKeyPem(key)).digest('hex');
}
