import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { GateError } from './gate-error';
import type { RecordStore } from './record-store';
import { S3RecordWriter } from './s3-record-writer';

/** The records of a gate in a bucket. */
export class S3RecordStore extends S3RecordWriter implements RecordStore {
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
