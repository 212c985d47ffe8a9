import { MEDIA_TYPE } from './sigstore-bundle';
import type { Envelope} from './envelope';
import { IN_TOTO_PAYLOAD_TYPE, readEnvelope } from './envelope';
import { JsonShape } from './json-shape';
import { quoted, SigningError } from './signing-error';
import { parseStrictJson } from './strict-json';
import type { VerificationMaterial } from './verification-material';
import { readVerificationMaterial } from './verification-material';

/** A bundle of a model with some 100,000 files is about this large. Unit: bytes. */
export const DEFAULT_MAX_BUNDLE_BYTES = 32 * 1024 * 1024;

/** A parsed bundle. Nothing in it is verified. */
export interface Bundle {
  readonly material: VerificationMaterial;
  readonly envelope: Envelope;
}

/** What to write into a new bundle: the hint of the key, or the certificates with the leaf first, in DER. */
export type NewVerificationMaterial =
  | { readonly hint: string }
  | { readonly certificates: readonly Uint8Array[] };

/** Refuses a bundle by its size alone. */
export function assertBundleSize(bytes: Uint8Array, maxBytes: number): Uint8Array {
  if (bytes.length > maxBytes) {
    throw new SigningError('BUNDLE_TOO_LARGE', `bundle has ${bytes.length} bytes; the limit is ${maxBytes}`);
  }
  return bytes;
}

/** Reads the JSON of a bundle; see `parseStrictJson`. */
export function parseBundle(bytes: Uint8Array): JsonShape {
  return JsonShape.of(parseStrictJson(bytes), 'bundle');
}

/** @throws SigningError MEDIA_TYPE_REFUSED, METHOD_MISMATCH, or what its parts throw */
export function readBundle(bundle: JsonShape): Bundle {
  bundle.only('mediaType', 'verificationMaterial', 'dsseEnvelope');
  const mediaType = bundle.string('mediaType');
  if (mediaType !== MEDIA_TYPE) {
    throw new SigningError('MEDIA_TYPE_REFUSED', `bundle media type is ${quoted(mediaType)}; it must be ${MEDIA_TYPE}`);
  }
  return {
    material: readVerificationMaterial(bundle.object('verificationMaterial')),
    envelope: readEnvelope(bundle.object('dsseEnvelope')),
  };
}

/** The bytes of a bundle file. */
export function writeBundle(envelope: Envelope, material: NewVerificationMaterial): Buffer {
  const content = 'hint' in material
    ? { publicKey: { hint: material.hint } }
    : { x509CertificateChain: { certificates: material.certificates.map((der) => ({ rawBytes: Buffer.from(der).toString('base64') })) } };
  return Buffer.from(`${JSON.stringify({
    mediaType: MEDIA_TYPE,
    verificationMaterial: { ...content, tlogEntries: [] },
    dsseEnvelope: {
      payload: envelope.payload.toString('base64'),
      payloadType: IN_TOTO_PAYLOAD_TYPE,
      signatures: [{ sig: envelope.signature.toString('base64'), keyid: '' }],
    },
  })}\n`);
}
