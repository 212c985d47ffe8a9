import type { AwsCall, HandlerContract, Permit } from '../core/handler-contract';
import { LIST_MODEL, READ_MODEL } from './deploy-check.contract';
import type { ArchiveCursor, Revocation } from './retire/retire-model';
import type { RetirementSubject } from './retire/retirement-plan';

/** Names of the environment variables of the retirement. */
export const RETIRE_ENV = { SERVED_BUCKET: 'SERVED_BUCKET', ARCHIVE_BUCKET: 'ARCHIVE_BUCKET' } as const;

/** The tag by which the served store knows what was retired: its policy denies reads of it. */
export const RETIRED_TAG = 'secure-ai-state';
export const RETIRED = 'retired';

/** An endpoint that serves a model, with the key of its volumes. */
export interface ServingEndpoint {
  readonly name: string;
  readonly keyArn: string;
}

/** What the state machine asks of the function; the settings are part of its definition, so that a deployment alone changes them. */
export type RetireEvent =
  | { readonly step: 'plan'; readonly listed: unknown; readonly timeToLiveDays: number }
  | { readonly step: 'read'; readonly package: object; readonly group: string }
  | { readonly step: 'remove'; readonly subject: RetirementSubject; readonly endpoints: Readonly<Record<string, readonly ServingEndpoint[]>> }
  | { readonly step: 'archive'; readonly subject: RetirementSubject; readonly cursor: ArchiveCursor }
  | { readonly step: 'revoke'; readonly subject: RetirementSubject; readonly endpoints: Readonly<Record<string, readonly ServingEndpoint[]>> };

/** What it gives back, by step: what is due, what it loads, which endpoints are gone, how far the archive is, what was taken away. */
export type RetireResult =
  | { readonly due: string }
  | RetirementSubject
  | { readonly removed: readonly string[] }
  | ArchiveCursor
  | Revocation;

const encrypt: Permit = { actions: ['kms:GenerateDataKey', 'kms:Decrypt'], slot: 'archiveKey', through: 's3' };
const write: Permit = { actions: ['s3:PutObject'], slot: 'archivedModels' };
const onEndpoints = (operation: string): AwsCall => (
  { service: 'sagemaker.api', operation, permits: [{ actions: [`sagemaker:${operation}`], slot: 'endpoints' }] }
);
const onKeys = (operation: string): AwsCall => ({ service: 'kms', operation, permits: [{ actions: [`kms:${operation}`], slot: 'volumeKeys' }] });

/** What the construct, the handler and the tests of the retirement agree on. It signs nothing, and changes no version of the registry. */
export const RETIRE: HandlerContract = {
  area: 'models',
  name: 'retire',
  environment: Object.values(RETIRE_ENV),
  calls: [
    LIST_MODEL,
    { service: 's3', operation: 'GetObject', permits: [...READ_MODEL] },
    { service: 's3', operation: 'PutObjectTagging', permits: [{ actions: ['s3:PutObjectVersionTagging'], slot: 'servedModels' }] },
    { service: 's3', operation: 'PutObject', permits: [write, encrypt] },
    { service: 's3', operation: 'CreateMultipartUpload', permits: [write, encrypt] },
    { service: 's3', operation: 'UploadPartCopy', permits: [...READ_MODEL, write, encrypt] },
    { service: 's3', operation: 'CompleteMultipartUpload', permits: [write, encrypt] },
    { service: 's3', operation: 'AbortMultipartUpload', permits: [{ actions: ['s3:AbortMultipartUpload'], slot: 'archivedModels' }] },
    onEndpoints('DescribeEndpoint'),
    onEndpoints('DeleteEndpoint'),
    onKeys('ListGrants'),
    onKeys('RevokeGrant'),
  ],
};
