import type { ListObjectVersionsCommandOutput, ObjectVersion, S3Client} from '@aws-sdk/client-s3';
import {
  GetObjectCommand, ListObjectVersionsCommand
} from '@aws-sdk/client-s3';
import { quoted } from '../signing/signing-error';
import type { Artifact, ArtifactStore, ByteRange } from './artifact-store';
import { ArtifactStoreError } from './artifact-store-error';

/** Bytes asked for in one request; a broken connection costs at most this much to ask again. */
const PART = 64 * 1024 * 1024;

/** Broken connections in a row, without one byte of progress, after which reading gives up. */
const MAX_STALLS = 3;

export interface S3ArtifactStoreProps {
  readonly client: Pick<S3Client, 'send'>;
  readonly bucket: string;

  /** Keys below this prefix are the model. With or without the closing `/`. */
  readonly prefix: string;
}

/** Where one listed object lies; kept apart from its name, which the caller could change. */
interface Pin {
  readonly key: string;
  readonly versionId: string;
  readonly eTag: string;
}

/**
 * A model below a prefix of a versioned bucket.
 *
 * What is listed is what is read: each read names the version and the entity tag, so a later upload changes nothing.
 */
export class S3ArtifactStore implements ArtifactStore {
  public readonly name: string;
  public readonly layout = 'tree';

  private readonly prefix: string;
  private readonly pins = new Map<string, Pin>();

  public constructor(private readonly props: S3ArtifactStoreProps) {
    this.prefix = props.prefix === '' || props.prefix.endsWith('/') ? props.prefix : `${props.prefix}/`;
    this.name = this.prefix.split('/').at(-2) || props.bucket;
  }

  public async *list(): AsyncIterable<Artifact> {
    let keyMarker: string | undefined;
    let versionIdMarker: string | undefined;
    for (;;) {
      const page: ListObjectVersionsCommandOutput = await this.props.client.send(new ListObjectVersionsCommand({
        Bucket: this.props.bucket,
        Prefix: this.prefix,
        // Keys may hold control characters, which XML cannot carry.
        EncodingType: 'url',
        KeyMarker: keyMarker,
        VersionIdMarker: versionIdMarker,
      }));
      for (const version of page.Versions ?? []) {
        if (version.IsLatest && !isFolderMarker(version)) yield this.toArtifact(version);
      }
      if (!page.IsTruncated) return;
      if (!page.NextKeyMarker) {
        throw new ArtifactStoreError('RESPONSE_INVALID', `list of ${this.props.bucket}/${this.prefix} is cut without a marker`);
      }
      // The marker comes encoded like the keys and is sent decoded.
      keyMarker = decodeKey(page.NextKeyMarker);
      versionIdMarker = page.NextVersionIdMarker;
    }
  }

  public async *read(artifact: Artifact, range?: ByteRange): AsyncIterable<Uint8Array> {
    const start = range?.start ?? 0;
    const end = range?.end ?? artifact.size;
    if (start < 0 || end < start || end > artifact.size) {
      throw new ArtifactStoreError('RANGE_INVALID', `range ${start}-${end} is outside ${quoted(artifact.name)} of ${artifact.size} bytes`);
    }
    const pin = this.pins.get(artifact.name);
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
      const body = await this.get(pin, at, partEnd, artifact.size);
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

  private async get(pin: Pin, start: number, end: number, size: number): Promise<AsyncIterable<Uint8Array>> {
    const response = await this.props.client.send(new GetObjectCommand({
      Bucket: this.props.bucket,
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

  private toArtifact(version: ObjectVersion): Artifact {
    const { Key, VersionId, ETag, Size } = version;
    if (Key === undefined || ETag === undefined || Size === undefined || !VersionId) {
      throw new ArtifactStoreError('RESPONSE_INVALID', `s3 listed an object of ${this.props.bucket} without key, version, tag or size`);
    }
    const key = decodeKey(Key);
    if (VersionId === 'null') {
      // The null version can be overwritten in place.
      throw new ArtifactStoreError(
        'VERSION_UNKNOWN', `${quoted(key)} has no version id; turn versioning on in ${this.props.bucket} and upload it again`,
      );
    }
    if (!key.startsWith(this.prefix)) {
      throw new ArtifactStoreError('RESPONSE_INVALID', `s3 listed ${quoted(key)}, which is not below ${this.prefix}`);
    }
    const name = key.slice(this.prefix.length);
    this.pins.set(name, { key, versionId: VersionId, eTag: ETag });
    return { name, kind: 'file', size: Size, version: VersionId };
  }
}

/** Consoles make empty objects that stand for folders. */
function isFolderMarker(version: ObjectVersion): boolean {
  return version.Size === 0 && (version.Key ?? '').endsWith('/');
}

/** S3 encodes keys in lists as forms do: a space as `+`. */
function decodeKey(encoded: string): string {
  try {
    return decodeURIComponent(encoded.replaceAll('+', ' '));
  } catch (cause) {
    throw new ArtifactStoreError('NAME_NOT_UNICODE', `s3 listed a key that is not UTF-8: ${quoted(encoded)}`, { cause });
  }
}
