import { RAISE_FINDING } from '../core/finding-sink';
import type { HandlerContract } from '../core/handler-contract';
import type { DeepCheckCursor } from './deep-check/rehash-models';
import { LIST_MODEL, READ_MODEL } from './deploy-check.contract';

/** Names of the environment variables of the deep check. */
export const DEEP_CHECK_ENV = {
  SERVED_BUCKET: 'SERVED_BUCKET',
  /** What stands before a prefix in the name of a model in findings: `arn:<partition>:s3:<region>:<account>:<bucket>/`. */
  MODEL_ARN_PREFIX: 'MODEL_ARN_PREFIX',
  FINDING_BUS: 'FINDING_BUS',
} as const;

/** What the state machine hands to the function, and what it gets back: where the next run goes on. */
export interface DeepCheckEvent {
  readonly prefixes: readonly string[];
  readonly cursor: DeepCheckCursor;
}

/** What the construct, the handler and the tests of the deep check agree on. */
export const DEEP_CHECK: HandlerContract = {
  area: 'models',
  name: 'deep-check',
  environment: Object.values(DEEP_CHECK_ENV),
  calls: [LIST_MODEL, { service: 's3', operation: 'GetObject', permits: [...READ_MODEL] }, RAISE_FINDING],
};
