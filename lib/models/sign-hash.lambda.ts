import { HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { requireEnvironment } from '../core/handler-environment';
import { S3RecordWriter } from './gate/s3-record-writer';
import { S3VersionStore } from './ports/s3-version-store';
import type { ScanTime } from './scan.contract';
import { SCAN_RESERVE_MS } from './scan.contract';
import { hashObject } from './served/hash-object';
import { toServedKey } from './served/served-place';
import type { SignHashEvent } from './sign-hash.contract';
import { SIGN_HASH_ENV } from './sign-hash.contract';

const s3 = new S3Client({});

/** Hashes one object of a served model; see `hashObject`. */
export async function handler(event: SignHashEvent, time: ScanTime): Promise<{ readonly hashed: boolean }> {
  const key = toServedKey(event.key);
  const bucket = requireEnvironment(SIGN_HASH_ENV.SERVED_BUCKET);
  const { VersionId = 'null' } = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
  return hashObject(key, {
    bucket,
    store: new S3VersionStore(s3, bucket, [{ name: key, key, versionId: VersionId }]),
    records: new S3RecordWriter(s3, requireEnvironment(SIGN_HASH_ENV.RECORDS_BUCKET)),
    expired: () => time.getRemainingTimeInMillis() < SCAN_RESERVE_MS,
  });
}
