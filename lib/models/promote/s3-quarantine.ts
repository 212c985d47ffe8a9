import type { S3Client } from '@aws-sdk/client-s3';
import { GetObjectCommand, GetObjectTaggingCommand } from '@aws-sdk/client-s3';
import type { QuarantineSource } from './promote-model';
import type { PromotionObject } from './promotion-request';

/** The quarantine bucket. */
export class S3Quarantine implements QuarantineSource {
  constructor(private readonly s3: S3Client, private readonly bucket: string) {}

  public async tags(object: PromotionObject): Promise<ReadonlyMap<string, string>> {
    const { TagSet } = await this.s3.send(new GetObjectTaggingCommand(this.at(object)));
    return new Map((TagSet ?? []).map((tag) => [tag.Key ?? '', tag.Value ?? '']));
  }

  public async read(object: PromotionObject): Promise<{ size: number; body: AsyncIterable<Uint8Array> }> {
    const { Body, ContentLength } = await this.s3.send(new GetObjectCommand(this.at(object)));
    return { size: ContentLength ?? -1, body: Body as unknown as AsyncIterable<Uint8Array> };
  }

  private at(object: PromotionObject): { Bucket: string; Key: string; VersionId: string } {
    return { Bucket: this.bucket, Key: object.key, VersionId: object.versionId };
  }
}
