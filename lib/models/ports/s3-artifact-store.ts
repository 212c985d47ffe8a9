import type { ListObjectVersionsCommandOutput, ObjectVersion, S3Client} from '@aws-sdk/client-s3';
import { ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { quoted } from '../signing/signing-error';
import type { Artifact, ArtifactStore, ByteRange } from './artifact-store';
import { ArtifactStoreError } from './artifact-store-error';
import type { VersionPin } from './s3-version-reader';
import { readVersion } from './s3-version-reader';

export interface S3ArtifactStoreProps {
  readonly client: Pick<S3Client, 'send'>;
  readonly bucket: string;

  /** Keys below this prefix are the model. With or without the closing `/`. */
  readonly prefix: string;
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
  private readonly pins = new Map<string, VersionPin>();

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

  public read(artifact: Artifact, range?: ByteRange): AsyncIterable<Uint8Array> {
    const { client, bucket } = this.props;
    return readVersion(client, bucket, artifact, this.pins.get(artifact.name), range);
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
