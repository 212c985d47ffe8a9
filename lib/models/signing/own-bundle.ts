import { MEDIA_TYPE } from './sigstore-bundle';
import { keyHint, readPublicKey } from './elliptic-key';
import { assertSignature, readEnvelope } from './envelope';
import { JsonShape } from './json-shape';
import { SigningError } from './signing-error';
import { parseStrictJson } from './strict-json';

/**
 * The payload of a bundle that this library wrote with one known key.
 *
 * It knows no certificate and no earlier form, which `verifyStatement` does: what reads only its own records needs none of that code.
 *
 * @param publicKey SPKI in PEM
 * @throws SigningError MEDIA_TYPE_REFUSED, KEY_HINT_MISMATCH, SIGNATURE_INVALID, or a JSON, FIELD or envelope code
 */
export function readOwnBundle(bytes: Uint8Array, publicKey: string): Buffer {
  const bundle = JsonShape.of(parseStrictJson(bytes), 'bundle').only('mediaType', 'verificationMaterial', 'dsseEnvelope');
  if (bundle.string('mediaType') !== MEDIA_TYPE) throw new SigningError('MEDIA_TYPE_REFUSED', `bundle media type must be ${MEDIA_TYPE}`);
  const hint = bundle.object('verificationMaterial').only('publicKey', 'tlogEntries').object('publicKey').only('hint').string('hint');
  const key = readPublicKey(publicKey);
  if (hint !== keyHint(key)) throw new SigningError('KEY_HINT_MISMATCH', `bundle was signed by another key than the trusted one (${keyHint(key)})`);
  const envelope = readEnvelope(bundle.object('dsseEnvelope'));
  assertSignature(envelope, key);
  return envelope.payload;
}
