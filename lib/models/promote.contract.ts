import type { HandlerContract } from '../core/handler-contract';

/** Names of the environment variables of the promoter. */
export const PROMOTE_ENV = {
  QUARANTINE_BUCKET: 'QUARANTINE_BUCKET',
  SERVED_BUCKET: 'SERVED_BUCKET',
} as const;

/** Where approved models are served from, inside the served store. */
export const SERVED_PREFIX = 'models/';

/** The tag that GuardDuty writes on each version that it scanned, and the one value that lets it pass. */
export const SCAN_STATUS_TAG = 'GuardDutyMalwareScanStatus';
export const SCAN_STATUS_CLEAN = 'NO_THREATS_FOUND';

const readSource = { actions: ['s3:GetObjectVersion'], slot: 'quarantineObjects' };
const decryptSource = { actions: ['kms:Decrypt'], slot: 'quarantineKey', through: 's3' } as const;
const writeTarget = { actions: ['s3:PutObject'], slot: 'servedModels' };
// Completing a multipart upload decrypts the parts once more.
const encryptTarget = { actions: ['kms:GenerateDataKey', 'kms:Decrypt'], slot: 'servedKey', through: 's3' } as const;

/** What the promoter's construct, handler and tests agree on. */
export const PROMOTE: HandlerContract = {
  area: 'models',
  name: 'promote',
  environment: Object.values(PROMOTE_ENV),
  calls: [
    { service: 's3', operation: 'GetObjectTagging', permits: [{ actions: ['s3:GetObjectVersionTagging'], slot: 'quarantineObjects' }] },
    { service: 's3', operation: 'GetObject', permits: [readSource, decryptSource] },
    { service: 's3', operation: 'PutObject', permits: [writeTarget, encryptTarget] },
    { service: 's3', operation: 'CreateMultipartUpload', permits: [writeTarget, encryptTarget] },
    { service: 's3', operation: 'UploadPartCopy', permits: [readSource, decryptSource, writeTarget, encryptTarget] },
    { service: 's3', operation: 'CompleteMultipartUpload', permits: [writeTarget, encryptTarget] },
    { service: 's3', operation: 'AbortMultipartUpload', permits: [{ actions: ['s3:AbortMultipartUpload'], slot: 'servedModels' }] },
  ],
};
