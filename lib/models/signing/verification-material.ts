import type { KeyObject } from 'node:crypto';
import { createPublicKey } from 'node:crypto';
import { decodeCanonicalBase64 } from './canonical-base64';
import { keyHint } from './elliptic-key';
import type { JsonShape } from './json-shape';
import { SigningError } from './signing-error';

/** Longest chain that a bundle may carry. */
const MAX_CERTIFICATES = 16;

/** What a bundle says of its key. It is compared with what the caller trusts and never trusted itself. */
export type VerificationMaterial =
  | { readonly method: 'key'; readonly hint: string }
  | { readonly method: 'certificate'; readonly certificates: readonly Buffer[] };

const METHODS = ['publicKey', 'x509CertificateChain', 'certificate'] as const;

/**
 * Reads the verification material of the key and certificate methods.
 *
 * @throws SigningError METHOD_MISMATCH - none or several methods, or the keyless one, which is not supported
 */
export function readVerificationMaterial(shape: JsonShape): VerificationMaterial {
  shape.only(...METHODS, 'tlogEntries', 'timestampVerificationData');
  if (shape.has('tlogEntries')) shape.array('tlogEntries');
  if (shape.has('timestampVerificationData')) shape.object('timestampVerificationData');
  const methods = METHODS.filter((method) => shape.has(method));
  if (methods.length !== 1) {
    throw new SigningError('METHOD_MISMATCH', `verification material has ${methods.length} signing methods; it must have one`);
  }
  switch (methods[0]) {
    case 'publicKey': return { method: 'key', hint: readHint(shape.object('publicKey')) };
    case 'x509CertificateChain': return { method: 'certificate', certificates: readChain(shape.object('x509CertificateChain')) };
    case 'certificate': throw new SigningError('METHOD_MISMATCH', 'bundle is signed keyless; only keys and certificates are supported');
  }
}

/** The hint; for bundles made before the hint, the hint that their raw key has. */
function readHint(shape: JsonShape): string {
  const hint = shape.optionalString('hint');
  if (!shape.has('rawBytes')) return hint ?? shape.string('hint');
  const derived = keyHint(readRawKey(decodeCanonicalBase64(shape.string('rawBytes'), 'publicKey.rawBytes')));
  if (hint !== undefined && hint !== derived) {
    throw new SigningError('KEY_HINT_MISMATCH', 'bundle names one key by hint and carries another');
  }
  return derived;
}

/** Earlier signers put the text of a PEM here, others DER. */
function readRawKey(raw: Buffer): KeyObject {
  try {
    return raw.toString('latin1').startsWith('-----BEGIN PUBLIC KEY-----')
      ? createPublicKey({ key: raw, format: 'pem' })
      : createPublicKey({ key: raw, format: 'der', type: 'spki' });
  } catch (cause) {
    throw new SigningError('KEY_INVALID', 'the public key in the bundle cannot be read', { cause });
  }
}

function readChain(shape: JsonShape): Buffer[] {
  const certificates = shape.objects('certificates');
  if (certificates.length === 0 || certificates.length > MAX_CERTIFICATES) {
    throw new SigningError('FIELD_INVALID', `bundle has ${certificates.length} certificates; it must have 1 to ${MAX_CERTIFICATES}`);
  }
  return certificates.map((certificate, index) =>
    decodeCanonicalBase64(certificate.string('rawBytes'), `x509CertificateChain.certificates[${index}].rawBytes`));
}
