import { SigningError } from './signing-error';

/** One element of a DER document. */
export interface DerElement {
  readonly tag: number;
  readonly content: Buffer;
}

/** The elements that fill `bytes`, one after the other. Lengths are checked against what is there; nothing is copied. */
export function readDer(bytes: Buffer): DerElement[] {
  const elements: DerElement[] = [];
  for (let at = 0; at < bytes.length;) {
    const { tag, start, end } = readHeader(bytes, at);
    elements.push({ tag, content: bytes.subarray(start, end) });
    at = end;
  }
  return elements;
}

/** The elements inside the one element that `bytes` consists of, which must have this tag. */
export function readDerInside(bytes: Buffer, tag: number): DerElement[] {
  const [outer, ...rest] = readDer(bytes);
  if (outer?.tag !== tag || rest.length > 0) throw refusal();
  return readDer(outer.content);
}

/** An object identifier in dotted form. */
export function toObjectIdentifier(element: DerElement | undefined): string {
  if (element?.tag !== 0x06 || element.content.length === 0 || element.content.length > 32) throw refusal();
  const parts: number[] = [];
  let part = 0;
  for (const byte of element.content) {
    part = part * 128 + (byte & 0x7f);
    if (byte & 0x80) continue;
    if (parts.length === 0) {
      const first = Math.min(Math.floor(part / 40), 2);
      parts.push(first, part - first * 40);
    } else {
      parts.push(part);
    }
    part = 0;
  }
  return parts.join('.');
}

function readHeader(bytes: Buffer, at: number): { tag: number; start: number; end: number } {
  const tag = bytes[at];
  const first = bytes[at + 1];
  // Tags over 30 and indefinite lengths do not occur in certificates.
  if (first === undefined || (tag & 0x1f) === 0x1f || first === 0x80 || first > 0x84) throw refusal();
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  const start = at + 2 + lengthBytes;
  if (start > bytes.length) throw refusal();
  const length = lengthBytes === 0 ? first : bytes.readUIntBE(at + 2, lengthBytes);
  const end = start + length;
  if (end > bytes.length) throw refusal();
  return { tag, start, end };
}

function refusal(): SigningError {
  return new SigningError('CERTIFICATE_INVALID', 'certificate is not valid DER');
}
