import { SigningError } from './signing-error';

/**
 * Decodes standard base64 in its one canonical form: padded, no spaces, no URL alphabet, no stray bits.
 * Other forms would let the same signed bytes appear in files of different digests.
 *
 * @throws SigningError BASE64_NOT_CANONICAL
 */
export function decodeCanonicalBase64(text: string, place: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  // Decoding is lenient; only the canonical form survives the way back.
  if (bytes.length === 0 || bytes.toString('base64') !== text) {
    throw new SigningError('BASE64_NOT_CANONICAL', `${place} is not canonical base64`);
  }
  return bytes;
}
