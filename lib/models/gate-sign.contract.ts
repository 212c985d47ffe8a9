import type { HandlerContract } from '../core/handler-contract';
import { READ_RECORD, WRITE_RECORDS } from './gate-records.contract';
import type { StageOutcome } from './gate/gate-stage';

/** Names of the environment variables of the signer. */
export const GATE_SIGN_ENV = { RECORDS_BUCKET: 'RECORDS_BUCKET', SERVED_BUCKET: 'SERVED_BUCKET', KEY_ARN: 'KEY_ARN' } as const;

/** What the state machine gives to the signer. */
export interface GateSignEvent {
  readonly outcome: StageOutcome;
  /** ARN of the state machine. */
  readonly gate: string;
}

/** What it gives back: where the summary lies, or `null` when there is no digest that it could be about. */
export interface GateSignResult {
  readonly summary: string | null;
}

/** What the construct, the handler and the tests of the signer agree on. */
export const GATE_SIGN: HandlerContract = {
  area: 'models',
  name: 'gate-sign',
  environment: Object.values(GATE_SIGN_ENV),
  calls: [
    READ_RECORD,
    WRITE_RECORDS,
    { service: 'kms', operation: 'GetPublicKey', permits: [{ actions: ['kms:GetPublicKey'], slot: 'signingKey' }] },
    { service: 'kms', operation: 'Sign', permits: [{ actions: ['kms:Sign'], slot: 'signingKey' }] },
  ],
};
