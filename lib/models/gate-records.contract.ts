import type { AwsCall, Permit } from '../core/handler-contract';

/** The calls that keep records in the gate's bucket; the slots say which part each handler may write. */
const decrypt: Permit = { actions: ['kms:Decrypt'], slot: 'recordsKey', through: 's3' };

const list: Permit = { actions: ['s3:ListBucket'], slot: 'recordsBucket' };

/**
 * Whoever reads a record may list: without it, S3 answers for a record that is not there as for one that is denied, and the gate could not
 * tell that nobody asked or approved.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
export const READ_RECORD: AwsCall = { service: 's3', operation: 'GetObject', permits: [{ actions: ['s3:GetObject'], slot: 'readRecords' }, decrypt, list] };

export const LIST_RECORDS: AwsCall = { service: 's3', operation: 'ListObjectsV2', permits: [list] };

export const WRITE_RECORDS: AwsCall = {
  service: 's3',
  operation: 'PutObject',
  permits: [{ actions: ['s3:PutObject'], slot: 'writeRecords' }, { actions: ['kms:GenerateDataKey', 'kms:Decrypt'], slot: 'recordsKey', through: 's3' }],
};
