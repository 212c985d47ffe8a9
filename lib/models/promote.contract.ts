import type { HandlerContract } from '../core/handler-contract';
import { READ_RECORD } from './gate-records.contract';

export { SCAN_STATUS_CLEAN, SCAN_STATUS_TAG } from './promote/scan-status';
export { SERVED_PREFIX } from './promote/served-prefix';

/** Names of the environment variables of the promoter. */
export const PROMOTE_ENV = {
  QUARANTINE_BUCKET: 'QUARANTINE_BUCKET',
  SERVED_BUCKET: 'SERVED_BUCKET',
  /** The bucket of a scanner's records, or `none` where the malware scan's tag alone decides. */
  VERDICTS_BUCKET: 'VERDICTS_BUCKET',
  /** ARN of the key with which the scanner signs, or `none`. */
  VERDICT_KEY_ARN: 'VERDICT_KEY_ARN',
} as const;

/** How an absent scanner is written: a variable without a value counts as forgotten. */
export const NO_SCANNER = 'none';

const readSource = { actions: ['s3:GetObjectVersion'], slot: 'quarantineObjects' };
const decryptSource = { actions: ['kms:Decrypt'], slot: 'quarantineKey', through: 's3' } as const;
const writeTarget = { actions: ['s3:PutObject'], slot: 'servedModels' };
// Completing a multipart upload decrypts the parts once more.
const encryptTarget = { actions: ['kms:GenerateDataKey', 'kms:Decrypt'], slot: 'servedKey', through: 's3' } as const;

/** What the promoter's construct, handler and tests agree on where the malware scan's tag alone decides. */
export const PROMOTE: HandlerContract = {
  area: 'models',
  name: 'promote',
  environment: /* @__PURE__ */ Object.values(PROMOTE_ENV),
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

/** The same for a promoter that needs a scanner's signed verdict. */
export const PROMOTE_JUDGED: HandlerContract = /* @__PURE__ */ judged();

// Marked as pure, the calls stay out of the handler's bundle, which needs the names of its settings alone.
function judged(): HandlerContract {
  return {
    ...PROMOTE,
    calls: [
      ...PROMOTE.calls.filter(({ operation }) => operation !== 'GetObject'),
      { ...READ_RECORD, permits: [...READ_RECORD.permits, readSource, decryptSource] },
      { service: 'kms', operation: 'GetPublicKey', permits: [{ actions: ['kms:GetPublicKey'], slot: 'verdictKey' }] },
    ],
  };
}
