import type { AwsCall, Permit } from '../core/handler-contract';

/** The calls that keep records in the gate's bucket; the slots say which part each handler may write. */
const decrypt: Permit = { actions: ['kms:Decrypt'], slot: 'recordsKey', through: 's3' };

export const READ_RECORDS: readonly AwsCall[] = [
  { service: 's3', operation: 'GetObject', permits: [{ actions: ['s3:GetObject'], slot: 'readRecords' }, decrypt] },
  // Also what makes a missing record answer "not found" instead of "denied".
  { service: 's3', operation: 'ListObjectsV2', permits: [{ actions: ['s3:ListBucket'], slot: 'recordsBucket' }] },
];

export const WRITE_RECORDS: AwsCall = {
  service: 's3',
  operation: 'PutObject',
  permits: [{ actions: ['s3:PutObject'], slot: 'writeRecords' }, { actions: ['kms:GenerateDataKey', 'kms:Decrypt'], slot: 'recordsKey', through: 's3' }],
};
