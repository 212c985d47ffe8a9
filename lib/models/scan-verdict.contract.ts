import type { HandlerContract } from '../core/handler-contract';
import { READ_RECORD, WRITE_RECORDS } from './gate-records.contract';

/** Names of the environment variables of the verdict's function. */
export const SCAN_VERDICT_ENV = { QUARANTINE_BUCKET: 'QUARANTINE_BUCKET', RECORDS_BUCKET: 'RECORDS_BUCKET', KEY_ARN: 'KEY_ARN' } as const;

/** What the state machine gives to it: which report to judge, and nothing of what it says. */
export interface ScanVerdictEvent {
  readonly id: string;
}

/** What the construct, the handler and the tests of the verdict agree on. */
export const SCAN_VERDICT: HandlerContract = {
  area: 'models',
  name: 'scan-verdict',
  environment: Object.values(SCAN_VERDICT_ENV),
  calls: [
    READ_RECORD,
    WRITE_RECORDS,
    { service: 's3', operation: 'GetObjectTagging', permits: [{ actions: ['s3:GetObjectVersionTagging'], slot: 'quarantineObjects' }] },
    { service: 'kms', operation: 'GetPublicKey', permits: [{ actions: ['kms:GetPublicKey'], slot: 'signingKey' }] },
    { service: 'kms', operation: 'Sign', permits: [{ actions: ['kms:Sign'], slot: 'signingKey' }] },
  ],
};
