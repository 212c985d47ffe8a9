import type { S3Client } from '@aws-sdk/client-s3';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { GateError } from './gate-error';
import type { RecordStore } from './record-store';

/** Larger than any record, and than any evidence that makes sense. Unit: bytes. */
const MAX_BYTES = 32 * 1024 * 1024;

/** The records of a gate in a bucket. */
export class S3RecordStore implements RecordStore {
  public constructor(private readonly s3: Pick<S3Client, 'send'>, private readonly bucket: string) {}

  public async read(key: string): Promise<Buffer | undefined> {
    try {
      const { Body, ContentLength } = await this.s3.send(new GetObjectCommand({ Bucket: this.bucket, Key: key }));
      if ((ContentLength ?? Infinity) > MAX_BYTES) throw new GateError('RESULT_INVALID', `${JSON.stringify(key)} has ${ContentLength} bytes; the limit is ${MAX_BYTES}`);
      return Buffer.from(await Body!.transformToByteArray());
    } catch (error) {
      if ((error as Error).name === 'NoSuchKey') return undefined;
      throw error;
    }
  }

  public async writeOnce(key: string, content: string | Uint8Array): Promise<boolean> {
    try {
      await this.s3.send(new PutObjectCommand({ Bucket: this.bucket, Key: key, Body: content, IfNoneMatch: '*' }));
      return true;
    } catch (error) {
      const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
      // 409: another write of the key is under way. It may still fail, so the caller has to ask again.
      if (status === 412) return false;
      throw error;
    }
  }

  public async keys(prefix: string, atMost = Infinity): Promise<string[]> {
    const found: string[] = [];
    let next: string | undefined;
    do {
      const { Contents, NextContinuationToken } = await this.s3.send(
        new ListObjectsV2Command({ Bucket: this.bucket, Prefix: prefix, ...(next === undefined ? {} : { ContinuationToken: next }) }),
      );
      found.push(...(Contents ?? []).map(({ Key }) => Key ?? '').filter((key) => key.startsWith(prefix) && key !== prefix));
      if (found.length > atMost) throw new GateError('RESULT_INVALID', `there are more than ${atMost} records below ${JSON.stringify(prefix)}`);
      next = NextContinuationToken;
    } while (next !== undefined);
    return found;
  }
}
