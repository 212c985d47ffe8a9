import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { RecordStore } from './record-store';
import { S3RecordReader } from './s3-record-reader';

/** Records in a bucket, for who reads and writes them by key: no command that lists comes into its bundle. */
export class S3RecordWriter extends S3RecordReader implements Pick<RecordStore, 'read' | 'writeOnce'> {
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
}
