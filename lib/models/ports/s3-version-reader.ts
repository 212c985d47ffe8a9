import type { S3Client } from '@aws-sdk/client-s3';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { quoted } from '../signing/signing-error';
import type { Artifact, ByteRange } from './artifact-store';
import { ArtifactStoreError } from './artifact-store-error';

/** Bytes asked for in one request; a broken connection costs at most this much to ask again. */
const PART = 64 * 1024 * 1024;

/** Broken connections in a row, without one byte of progress, after which reading gives up. */
const MAX_STALLS = 3;

/** Where one version of an object lies; kept apart from the artifact's name, which a caller could change. */
export interface VersionPin {
  readonly key: string;
  readonly versionId: string;
  readonly eTag: string;
}

/**
 * The bytes of one version of an object, or of a range of it. Each request names the version and the entity tag, so that all bytes are of
 * one content.
 *
 * @throws ArtifactStoreError RANGE_INVALID, VERSION_UNKNOWN or RESPONSE_INVALID
 */
export async function* readVersion(
  client: Pick<S3Client, 'send'>, bucket: string, artifact: Artifact, pin: VersionPin | undefined, range?: ByteRange,
): AsyncIterable<Uint8Array> {
  const start = range?.start ?? 0;
  const end = range?.end ?? artifact.size;
  if (start < 0 || end < start || end > artifact.size) {
    throw new ArtifactStoreError('RANGE_INVALID', `range ${start}-${end} is outside ${quoted(artifact.name)} of ${artifact.size} bytes`);
  }
  if (!pin || pin.versionId !== artifact.version) {
    throw new ArtifactStoreError(
      'VERSION_UNKNOWN', `${quoted(artifact.name)} at version ${quoted(artifact.version)} was not listed by this store`,
    );
  }
  let at = start;
  let stalls = 0;
  while (at < end) {
    const partEnd = Math.min(at + PART, end);
    const before = at;
    const body = await get(client, bucket, pin, { start: at, end: partEnd }, artifact.size);
    try {
      for await (const chunk of body) {
        at += chunk.length;
        if (at > partEnd) throw new ArtifactStoreError('RESPONSE_INVALID', `s3 sent more of ${quoted(pin.key)} than asked for`);
        yield chunk;
      }
    } catch (error) {
      // Version and entity tag are named in each request, so reading on after a break gives the same bytes.
      stalls = at > before ? 0 : stalls + 1;
      if (error instanceof ArtifactStoreError || stalls >= MAX_STALLS) throw error;
      continue;
    }
    stalls = at > before ? 0 : stalls + 1;
    if (at < partEnd && stalls >= MAX_STALLS) {
      throw new ArtifactStoreError('RESPONSE_INVALID', `s3 sends no more of ${quoted(pin.key)} after byte ${at}`);
    }
  }
}

async function get(
  client: Pick<S3Client, 'send'>, bucket: string, pin: VersionPin, { start, end }: ByteRange, size: number,
): Promise<AsyncIterable<Uint8Array>> {
  const response = await client.send(new GetObjectCommand({
    Bucket: bucket,
    Key: pin.key,
    VersionId: pin.versionId,
    IfMatch: pin.eTag,
    Range: `bytes=${start}-${end - 1}`,
  }));
  const expected = `bytes ${start}-${end - 1}/${size}`;
  if (response.ContentRange !== expected) {
    throw new ArtifactStoreError(
      'RESPONSE_INVALID', `s3 gave the range "${response.ContentRange}" of ${quoted(pin.key)}, asked is "${expected}"`,
    );
  }
  const body: unknown = response.Body;
  if (typeof body !== 'object' || body === null || !(Symbol.asyncIterator in body)) {
    throw new ArtifactStoreError('RESPONSE_INVALID', `s3 gave no readable body for ${quoted(pin.key)}`);
  }
  return body as AsyncIterable<Uint8Array>;
}
