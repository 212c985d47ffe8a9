import { S3Client } from '@aws-sdk/client-s3';
import { requireEnvironment } from '../core/handler-environment';
import { S3RecordWriter } from './gate/s3-record-writer';
import { S3VersionStore } from './ports/s3-version-store';
import { S3Quarantine } from './promote/s3-quarantine';
import type { ScanTime } from './scan.contract';
import { SCAN_ENV, SCAN_RESERVE_MS } from './scan.contract';
import type { ScannedUpload } from './scan/scan-upload';
import { scanUpload } from './scan/scan-upload';
import { toUploadReference } from './scan/upload';

const s3 = new S3Client({});

/** Scans the files of one upload; see `scanUpload`. */
export async function handler(event: unknown, time: ScanTime): Promise<ScannedUpload> {
  const bucket = requireEnvironment(SCAN_ENV.QUARANTINE_BUCKET);
  const records = new S3RecordWriter(s3, requireEnvironment(SCAN_ENV.RECORDS_BUCKET));
  const scanned = await scanUpload(toUploadReference(event), {
    bucket,
    source: new S3Quarantine(s3, bucket),
    store: (objects) => new S3VersionStore(s3, bucket, objects),
    records,
    expired: () => time.getRemainingTimeInMillis() < SCAN_RESERVE_MS,
  });
  console.log(JSON.stringify({ scanned: scanned.id, verdict: scanned.verdict }));
  return scanned;
}
