import { createHash } from 'node:crypto';

/** Namespace of the identifiers of this library's documents. */
const NAMESPACE = Buffer.from('6f1d2d0c0d0a5f3f9c3a6c2f9a1e7b54', 'hex');

/** A UUID of version 5 (RFC 9562): the same for the same name, so that documents keep their bytes. */
export function nameUuid(name: string): string {
  const bytes = createHash('sha1').update(NAMESPACE).update(name).digest().subarray(0, 16);
  bytes[6] = (bytes[6] & 0x0f) | 0x50;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
