import type { HandlerContract } from '../core/handler-contract';
import { READ_RECORD } from './gate-records.contract';

/** Names of the environment variables of what signs. */
export const SIGN_MODEL_ENV = { SERVED_BUCKET: 'SERVED_BUCKET', RECORDS_BUCKET: 'RECORDS_BUCKET', KEY_ARN: 'KEY_ARN' } as const;

/** What the state machine gives to it. */
export interface SignModelEvent {
  readonly prefix: unknown;
}

const decryptServed = { actions: ['kms:Decrypt'], slot: 'servedKey', through: 's3' } as const;

/** What the construct, the handler and the tests of the signature agree on. */
export const SIGN_MODEL: HandlerContract = {
  area: 'models',
  name: 'sign-model',
  environment: Object.values(SIGN_MODEL_ENV),
  calls: [
    {
      ...READ_RECORD,
      permits: [...READ_RECORD.permits, { actions: ['s3:GetObject'], slot: 'servedModels' }, decryptServed, { actions: ['s3:ListBucket'], slot: 'servedBucket' }],
    },
    { service: 's3', operation: 'ListObjectVersions', permits: [{ actions: ['s3:ListBucketVersions'], slot: 'servedBucket' }] },
    {
      service: 's3',
      operation: 'PutObject',
      permits: [{ actions: ['s3:PutObject'], slot: 'signatures' }, { actions: ['kms:GenerateDataKey'], slot: 'servedKey', through: 's3' }],
    },
    { service: 'kms', operation: 'GetPublicKey', permits: [{ actions: ['kms:GetPublicKey'], slot: 'signingKey' }] },
    { service: 'kms', operation: 'Sign', permits: [{ actions: ['kms:Sign'], slot: 'signingKey' }] },
  ],
};
