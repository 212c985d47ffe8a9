import { RAISE_FINDING } from '../core/finding-sink';
import type { AwsCall, HandlerContract, Permit } from '../core/handler-contract';
import { LIST_RECORDS, READ_RECORD } from './gate-records.contract';

/** Names of the environment variables of the deployment check. */
export const DEPLOY_CHECK_ENV = {
  SERVED_BUCKET: 'SERVED_BUCKET',
  RECORDS_BUCKET: 'RECORDS_BUCKET',
  /** ARN of the gate's state machine, as its summaries name it. */
  GATE_ARN: 'GATE_ARN',
  /** ARN of the key that signs the gate's summaries. */
  GATE_KEY_ARN: 'GATE_KEY_ARN',
  /** ARN of the key with which the store's scanner signs, or `none`. */
  SCANNER_KEY_ARN: 'SCANNER_KEY_ARN',
  /** How old an approval may be, in seconds; or `any`. */
  MAX_AGE_SECONDS: 'MAX_AGE_SECONDS',
  /** Where CloudFormation waits for answers: host names, separated by commas. */
  ANSWER_HOSTS: 'ANSWER_HOSTS',
  FINDING_BUS: 'FINDING_BUS',
} as const;

/** How it is written that approvals of any age count: a variable without a value counts as forgotten. */
export const ANY_AGE = 'any';

/** What reading a version of a served model takes. */
export const READ_MODEL: readonly Permit[] = [
  { actions: ['s3:GetObjectVersion'], slot: 'servedModels' }, { actions: ['kms:Decrypt'], slot: 'servedKey', through: 's3' },
];

/** The call that lists a served model with all its versions. */
export const LIST_MODEL: AwsCall = {
  service: 's3', operation: 'ListObjectVersions', permits: [{ actions: ['s3:ListBucketVersions'], slot: 'servedBucket' }],
};

/** What the construct, the handler and the tests of the deployment check agree on, where the store has no scanner. It writes nothing. */
export const DEPLOY_CHECK: HandlerContract = {
  area: 'models',
  name: 'deploy-check',
  environment: Object.values(DEPLOY_CHECK_ENV),
  calls: [
    LIST_MODEL,
    // The checksums that S3 keeps with an encrypted object are encrypted with it.
    {
      service: 's3',
      operation: 'GetObjectAttributes',
      permits: [...READ_MODEL, { actions: ['s3:GetObjectVersionAttributes'], slot: 'servedModels' }],
    },
    { ...READ_RECORD, permits: [...READ_RECORD.permits, ...READ_MODEL] },
    LIST_RECORDS,
    { service: 'kms', operation: 'GetPublicKey', permits: [{ actions: ['kms:GetPublicKey'], slot: 'gateKey' }] },
    RAISE_FINDING,
  ],
};

/** The same where the store has a scanner, whose signed verdict each model needs. */
export const DEPLOY_CHECK_JUDGED: HandlerContract = {
  ...DEPLOY_CHECK,
  calls: [
    ...DEPLOY_CHECK.calls.filter(({ operation }) => operation !== 'GetPublicKey'),
    { service: 'kms', operation: 'GetPublicKey', permits: ['gateKey', 'scannerKey'].map((slot) => ({ actions: ['kms:GetPublicKey'], slot })) },
  ],
};
