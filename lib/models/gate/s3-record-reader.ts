import type { S3Client } from '@aws-sdk/client-s3';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { GateError } from './gate-error';
import type { RecordStore } from './record-store';

/** Larger than any record, and than any evidence that makes sense. Unit: bytes. */
const MAX_BYTES = 32 * 1024 * 1024;

/** Records in a bucket, for who only reads them: no other command of S3 comes into its bundle. */
export class S3RecordReader implements Pick<RecordStore, 'read'> {
  public constructor(protected readonly s3: Pick<S3Client, 'send'>, protected readonly bucket: string) {}

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
}
