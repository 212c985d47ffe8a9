import type { S3Client } from '@aws-sdk/client-s3';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { MAX_KEY_SET_BYTES } from './key-set';

/**
 * Reads the mirrored set, no more of it than a set may have.
 *
 * @throws when it is not there
 */
export async function readKeySet(s3: S3Client, bucket: string, key: string): Promise<string> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, Range: `bytes=0-${MAX_KEY_SET_BYTES}` }), {
    abortSignal: AbortSignal.timeout(3_000),
  });
  return (await Body?.transformToString('utf-8')) ?? '';
}
