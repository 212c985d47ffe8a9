import { ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { GateError } from './gate-error';
import type { RecordStore } from './record-store';
import { S3RecordReader } from './s3-record-reader';

/** The records of a gate in a bucket. */
export class S3RecordStore extends S3RecordReader implements RecordStore {
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
