import type { HandlerContract } from '../core/handler-contract';
import { READ_RECORD, WRITE_RECORDS } from './gate-records.contract';

/** Names of the environment variables of the scanner. */
export const SCAN_ENV = { QUARANTINE_BUCKET: 'QUARANTINE_BUCKET', RECORDS_BUCKET: 'RECORDS_BUCKET' } as const;

/** How the key of an upload's manifest ends; its folder holds the upload. Writing it starts the scan, so it is written last. */
export const UPLOAD_MANIFEST = '/upload.json';

/** Time that a function keeps to record what it found, before Lambda ends it. Unit: milliseconds. */
export const SCAN_RESERVE_MS = 60_000;

/** What of Lambda's context the scanner needs: how long it may still run. */
export interface ScanTime {
  getRemainingTimeInMillis(): number;
}

const readVersions = { actions: ['s3:GetObjectVersion'], slot: 'quarantineObjects' };

/** What the construct, the handler and the tests of the scan agree on. */
export const SCAN: HandlerContract = {
  area: 'models',
  name: 'scan',
  environment: Object.values(SCAN_ENV),
  calls: [
    { ...READ_RECORD, permits: [...READ_RECORD.permits, readVersions, { actions: ['kms:Decrypt'], slot: 'quarantineKey', through: 's3' }] },
    { service: 's3', operation: 'HeadObject', permits: [readVersions] },
    WRITE_RECORDS,
  ],
};
