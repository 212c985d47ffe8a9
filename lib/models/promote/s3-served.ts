import type { S3Client } from '@aws-sdk/client-s3';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { copyParts, copySource } from './copy-parts';
import type { ServedTarget } from './promote-model';
import type { PromotionObject } from './promotion-request';

/** S3 keeps the SHA-256 of what it wrote: a deployment is checked by it, without reading the bytes again. */
const STORED = { ChecksumAlgorithm: 'SHA256' } as const;

/**
 * The served bucket.
 *
 * CopyObject knows no write-once condition, so a copy is a multipart upload whose completion carries it.
 */
export class S3Served implements ServedTarget {
  constructor(private readonly s3: S3Client, private readonly quarantineBucket: string, private readonly bucket: string) {}

  public async copy(object: PromotionObject, size: number, targetKey: string): Promise<'copied' | 'existed'> {
    // A multipart upload has at least one byte.
    if (size === 0) return this.write('', targetKey);
    return once(() => this.copyInParts(object, size, { Bucket: this.bucket, Key: targetKey }));
  }

  public async write(text: string, targetKey: string): Promise<'copied' | 'existed'> {
    return once(() => this.s3.send(new PutObjectCommand({ Bucket: this.bucket, Key: targetKey, Body: text, IfNoneMatch: '*', ...STORED })));
  }

  private async copyInParts(object: PromotionObject, size: number, at: { Bucket: string; Key: string }): Promise<void> {
    const { UploadId } = await this.s3.send(new CreateMultipartUploadCommand({ ...at, ...STORED }));
    try {
      const Parts = [];
      for (const { partNumber, range } of copyParts(size)) {
        const { CopyPartResult } = await this.s3.send(new UploadPartCopyCommand({
          ...at,
          UploadId,
          PartNumber: partNumber,
          CopySource: copySource(this.quarantineBucket, object.key, object.versionId),
          ...(range === undefined ? {} : { CopySourceRange: range }),
        }));
        Parts.push({ PartNumber: partNumber, ETag: CopyPartResult?.ETag, ChecksumSHA256: CopyPartResult?.ChecksumSHA256 });
      }
      await this.s3.send(new CompleteMultipartUploadCommand({ ...at, UploadId, MultipartUpload: { Parts }, IfNoneMatch: '*' }));
    } catch (error) {
      // What the failed copy stored costs until it is aborted; the first error is the one to tell.
      await this.s3.send(new AbortMultipartUploadCommand({ ...at, UploadId })).catch(() => undefined);
      throw error;
    }
  }
}

async function once(put: () => Promise<unknown>): Promise<'copied' | 'existed'> {
  try {
    await put();
    return 'copied';
  } catch (error) {
    const status = (error as { $metadata?: { httpStatusCode?: number } } | undefined)?.$metadata?.httpStatusCode;
    if (status === 412) return 'existed';
    throw error;
  }
}
