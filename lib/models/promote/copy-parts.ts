/** Largest part of a copy: S3 copies up to 5 GiB at once. Unit: bytes. */
const PART_BYTES = 1024 ** 3;

/** The header values of one part: S3's byte ranges include their last byte. */
export interface CopyPart {
  readonly partNumber: number;
  /** Undefined: the whole source. S3 refuses a range of a source up to 5 MiB. */
  readonly range: string | undefined;
}

/** Splits a copy of `size` bytes, above zero, into parts. A part but the last must have 5 MiB, which whole gigabytes do. */
export function copyParts(size: number, partBytes: number = PART_BYTES): CopyPart[] {
  const count = Math.ceil(size / partBytes);
  if (count === 1) return [{ partNumber: 1, range: undefined }];
  return Array.from({ length: count }, (_, index) => ({
    partNumber: index + 1,
    range: `bytes=${index * partBytes}-${Math.min(size, (index + 1) * partBytes) - 1}`,
  }));
}

/** The value of `x-amz-copy-source`: each part of the key encoded, the slashes kept, pinned to a version. */
export function copySource(bucket: string, key: string, versionId: string): string {
  return `${bucket}/${key.split('/').map(encodeURIComponent).join('/')}?versionId=${encodeURIComponent(versionId)}`;
}
