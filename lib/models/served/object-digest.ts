import { createHash } from 'node:crypto';
import { isHexDigest } from '../signing/digest-algorithm';

/** Where digests lie in the records. Only the role that hashes writes there. */
export const DIGESTS = 'digests/';

/** The digest of one version of an object. */
export interface ObjectDigest {
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string;
  /** Unit: bytes. */
  readonly size: number;
  readonly sha256: string;
}

/** Where the digest of a version is recorded: it is hashed once, whoever asks. */
export function digestKey({ bucket, key, versionId }: Pick<ObjectDigest, 'bucket' | 'key' | 'versionId'>): string {
  // As JSON, no two different places are one text.
  return `${DIGESTS}${createHash('sha256').update(JSON.stringify([bucket, key, versionId])).digest('hex')}.json`;
}

export function writeDigest({ bucket, key, versionId, size, sha256 }: ObjectDigest): string {
  return JSON.stringify({ bucket, key, versionId, size, sha256 });
}

/** The recorded digest of a version of this size; undefined when the record is about anything else. */
export function readDigest(bytes: Uint8Array | undefined, wanted: Omit<ObjectDigest, 'sha256'>): string | undefined {
  if (!bytes) return undefined;
  let sha256: unknown;
  try {
    ({ sha256 } = JSON.parse(Buffer.from(bytes).toString('utf8')) as { readonly sha256?: unknown });
  } catch {
    return undefined;
  }
  if (typeof sha256 !== 'string' || !isHexDigest('sha256', sha256)) return undefined;
  // Whatever else the record says must be what is asked for, to the letter.
  return Buffer.from(bytes).toString('utf8') === writeDigest({ ...wanted, sha256 }) ? sha256 : undefined;
}
