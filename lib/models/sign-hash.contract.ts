import type { HandlerContract } from '../core/handler-contract';
import { READ_RECORD, WRITE_RECORDS } from './gate-records.contract';

/** Names of the environment variables of what hashes. */
export const SIGN_HASH_ENV = { SERVED_BUCKET: 'SERVED_BUCKET', RECORDS_BUCKET: 'RECORDS_BUCKET' } as const;

/** What the state machine gives to it for each object. */
export interface SignHashEvent {
  readonly key: unknown;
}

const readVersions = { actions: ['s3:GetObjectVersion'], slot: 'servedModels' };

/** What the construct, the handler and the tests of the hashing agree on. */
export const SIGN_HASH: HandlerContract = {
  area: 'models',
  name: 'sign-hash',
  environment: Object.values(SIGN_HASH_ENV),
  calls: [
    { ...READ_RECORD, permits: [...READ_RECORD.permits, readVersions, { actions: ['kms:Decrypt'], slot: 'servedKey', through: 's3' }] },
    // Which version is served now, and then its size.
    { service: 's3', operation: 'HeadObject', permits: [{ actions: ['s3:GetObject'], slot: 'servedModels' }, readVersions] },
    WRITE_RECORDS,
  ],
};
