import { S3Client } from '@aws-sdk/client-s3';
import { requireEnvironment } from '../core/handler-environment';
import { S3RecordWriter } from './gate/s3-record-writer';
import { KmsSigner } from './ports/kms-signer';
import { KMS } from './ports/kms-signing-client';
import { S3Quarantine } from './promote/s3-quarantine';
import type { UploadOutcome } from './scan/judge-upload';
import { judgeUpload } from './scan/judge-upload';
import type { ScanVerdictEvent } from './scan-verdict.contract';
import { SCAN_VERDICT_ENV } from './scan-verdict.contract';

const s3 = new S3Client({});

/** Decides on one scanned upload and signs the decision; see `judgeUpload`. */
export async function handler({ id }: ScanVerdictEvent): Promise<UploadOutcome> {
  const bucket = requireEnvironment(SCAN_VERDICT_ENV.QUARANTINE_BUCKET);
  const outcome = await judgeUpload(String(id), {
    bucket,
    source: new S3Quarantine(s3, bucket),
    records: new S3RecordWriter(s3, requireEnvironment(SCAN_VERDICT_ENV.RECORDS_BUCKET)),
    signer: new KmsSigner(KMS, requireEnvironment(SCAN_VERDICT_ENV.KEY_ARN)),
    now: () => new Date(),
  });
  console.log(JSON.stringify(outcome));
  return outcome;
}
