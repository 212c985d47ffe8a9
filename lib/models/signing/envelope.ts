import type { KeyObject} from 'node:crypto';
import { verify } from 'node:crypto';
import { decodeCanonicalBase64 } from './canonical-base64';
import { curveOf } from './elliptic-key';
import type { JsonShape } from './json-shape';
import { quoted, SigningError } from './signing-error';

/** Payload type of every in-toto statement. */
export const IN_TOTO_PAYLOAD_TYPE = 'application/vnd.in-toto+json';

/** A DSSE envelope as it was read: the payload is not to be trusted before its signature is verified. */
export interface Envelope {
  readonly payload: Buffer;
  readonly signature: Buffer;
}

/** What a DSSE signature covers: type and payload, each with its length in bytes, so that neither can borrow from the other. */
export function preAuthenticationEncoding(payloadType: string, payload: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`DSSEv1 ${Buffer.byteLength(payloadType)} ${payloadType} ${payload.length} `), payload]);
}

/**
 * Reads a DSSE envelope with exactly one signature.
 *
 * @throws SigningError PAYLOAD_TYPE_REFUSED, SIGNATURE_COUNT, BASE64_NOT_CANONICAL or a FIELD code
 */
export function readEnvelope(shape: JsonShape): Envelope {
  shape.only('payload', 'payloadType', 'signatures');
  const payloadType = shape.string('payloadType');
  if (payloadType !== IN_TOTO_PAYLOAD_TYPE) {
    throw new SigningError('PAYLOAD_TYPE_REFUSED', `payload type is ${quoted(payloadType)}; it must be ${IN_TOTO_PAYLOAD_TYPE}`);
  }
  const signatures = shape.objects('signatures');
  if (signatures.length !== 1) {
    throw new SigningError('SIGNATURE_COUNT', `envelope has ${signatures.length} signatures; it must have one`);
  }
  const [signature] = signatures;
  signature.only('sig', 'keyid');
  const keyId = signature.get('keyid');
  // The key is never found by this field. Earlier signers wrote null, others leave it out.
  if (keyId !== undefined && keyId !== null && typeof keyId !== 'string') {
    throw new SigningError('FIELD_INVALID', 'dsseEnvelope.signatures[0].keyid must be a string, null or left out');
  }
  return {
    payload: decodeCanonicalBase64(shape.string('payload'), 'dsseEnvelope.payload'),
    signature: decodeCanonicalBase64(signature.string('sig'), 'dsseEnvelope.signatures[0].sig'),
  };
}

/** @throws SigningError SIGNATURE_INVALID */
export function assertSignature(envelope: Envelope, key: KeyObject): void {
  const message = preAuthenticationEncoding(IN_TOTO_PAYLOAD_TYPE, envelope.payload);
  let valid: boolean;
  try {
    valid = verify(curveOf(key).hash, message, { key, dsaEncoding: 'der' }, envelope.signature);
  } catch (cause) {
    throw new SigningError('SIGNATURE_INVALID', 'signature cannot be checked', { cause });
  }
  if (!valid) throw new SigningError('SIGNATURE_INVALID', 'signature does not match the payload and the trusted key');
}
