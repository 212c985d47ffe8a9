import type { HandlerContract } from '../core/handler-contract';
import type { RetirementReason } from './retire/certificate';
import type { Revocation } from './retire/retire-model';
import type { RetirementSubject } from './retire/retirement-plan';

/** Names of the environment variables of the certifier. */
export const RETIRE_CERTIFY_ENV = { ARCHIVE_BUCKET: 'ARCHIVE_BUCKET', KEY_ARN: 'KEY_ARN' } as const;

/** Where certificates lie in the archive. */
export const CERTIFICATES = 'certificates/';

/** What the state machine gives to the certifier. */
export interface RetireCertifyEvent {
  readonly subject: RetirementSubject;
  readonly reason: RetirementReason;
  readonly removed: readonly string[];
  readonly revoked: Revocation;
  /** ARN of the state machine. */
  readonly retiredBy: string;
}

/** What it gives back. */
export interface RetireCertifyResult {
  readonly certificate: string;
}

/** What the construct, the handler and the tests of the certifier agree on. */
export const RETIRE_CERTIFY: HandlerContract = {
  area: 'models',
  name: 'retire-certify',
  environment: Object.values(RETIRE_CERTIFY_ENV),
  calls: [
    { service: 's3', operation: 'ListObjectVersions', permits: [{ actions: ['s3:ListBucketVersions'], slot: 'archiveBucket' }] },
    {
      service: 's3',
      operation: 'GetObject',
      permits: [{ actions: ['s3:GetObjectVersion'], slot: 'archivedModels' }, { actions: ['kms:Decrypt'], slot: 'archiveKey', through: 's3' }],
    },
    {
      service: 's3',
      operation: 'GetObjectAttributes',
      permits: [
        { actions: ['s3:GetObjectVersion', 's3:GetObjectVersionAttributes'], slot: 'archivedModels' }, { actions: ['kms:Decrypt'], slot: 'archiveKey', through: 's3' },
      ],
    },
    {
      service: 's3',
      operation: 'PutObject',
      permits: [{ actions: ['s3:PutObject'], slot: 'certificates' }, { actions: ['kms:GenerateDataKey', 'kms:Decrypt'], slot: 'archiveKey', through: 's3' }],
    },
    { service: 'kms', operation: 'GetPublicKey', permits: [{ actions: ['kms:GetPublicKey'], slot: 'signingKey' }] },
    { service: 'kms', operation: 'Sign', permits: [{ actions: ['kms:Sign'], slot: 'signingKey' }] },
  ],
};
