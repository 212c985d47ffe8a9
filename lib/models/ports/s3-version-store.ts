import type { S3Client } from '@aws-sdk/client-s3';
import { HeadObjectCommand } from '@aws-sdk/client-s3';
import { quoted } from '../signing/signing-error';
import type { Artifact, ArtifactStore, ByteRange } from './artifact-store';
import { ArtifactStoreError } from './artifact-store-error';
import type { VersionPin } from './s3-version-reader';
import { readVersion } from './s3-version-reader';

/** One file of a model at one version of an object. */
export interface NamedVersion {
  readonly name: string;
  readonly key: string;
  readonly versionId: string;
}

/** A model of named versions of objects, wherever their keys are: nothing else of the bucket is looked at. */
export class S3VersionStore implements ArtifactStore {
  public readonly name: string;
  public readonly layout = 'tree';
  private readonly pins = new Map<string, VersionPin>();

  public constructor(
    private readonly client: Pick<S3Client, 'send'>, private readonly bucket: string, private readonly objects: readonly NamedVersion[],
  ) {
    this.name = bucket;
  }

  public async *list(): AsyncIterable<Artifact> {
    for (const { name, key, versionId } of this.objects) {
      const { ContentLength, ETag, VersionId } = await this.client.send(
        new HeadObjectCommand({ Bucket: this.bucket, Key: key, VersionId: versionId }),
      );
      if (ContentLength === undefined || ETag === undefined || VersionId !== versionId) {
        throw new ArtifactStoreError('RESPONSE_INVALID', `s3 told no size or tag of ${quoted(key)}, or of another version than asked for`);
      }
      this.pins.set(name, { key, versionId, eTag: ETag });
      yield { name, kind: 'file', size: ContentLength, version: versionId };
    }
  }

  public read(artifact: Artifact, range?: ByteRange): AsyncIterable<Uint8Array> {
    return readVersion(this.client, this.bucket, artifact, this.pins.get(artifact.name), range);
  }
}
