import type { HandlerContract } from '../core/handler-contract';
import { LIST_RECORDS, READ_RECORD, WRITE_RECORDS } from './gate-records.contract';

/** Names of the environment variables of the checks. */
export const GATE_CHECK_ENV = { RECORDS_BUCKET: 'RECORDS_BUCKET', SERVED_BUCKET: 'SERVED_BUCKET' } as const;

/** What the state machine gives to the checks. Policy and trust are part of its definition, so that a deployment alone changes them. */
export interface GateCheckEvent {
  /** Key of a request or a decision. */
  readonly key: string;
  /** What SageMaker says of the package. Left out: tell only which package it is about. */
  readonly package?: object;
  readonly policy: string;
  readonly modelTrust: string;
  readonly evidenceTrust: string;
  readonly group: string;
  readonly kmsKeyArn: string;
  readonly approvalHours: number;
}

/** What the construct, the handler and the tests of the checks agree on. */
export const GATE_CHECK: HandlerContract = {
  area: 'models',
  name: 'gate-check',
  environment: Object.values(GATE_CHECK_ENV),
  calls: [
    {
      ...READ_RECORD,
      permits: [
        ...READ_RECORD.permits,
        { actions: ['s3:GetObjectVersion'], slot: 'servedModels' },
        { actions: ['kms:Decrypt'], slot: 'servedKey', through: 's3' },
      ],
    },
    LIST_RECORDS,
    WRITE_RECORDS,
    { service: 's3', operation: 'ListObjectVersions', permits: [{ actions: ['s3:ListBucketVersions'], slot: 'servedBucket' }] },
  ],
};
