import type { HandlerContract } from '../core/handler-contract';
import { LIST_RECORDS, READ_RECORD, WRITE_RECORDS } from './gate-records.contract';

/** Names of the environment variables of the desk. */
export const GATE_DESK_ENV = { RECORDS_BUCKET: 'RECORDS_BUCKET', APPROVER_ROLES: 'APPROVER_ROLES' } as const;

/** What the construct, the handler and the tests of the desk agree on. */
export const GATE_DESK: HandlerContract = {
  area: 'models',
  name: 'gate-desk',
  environment: Object.values(GATE_DESK_ENV),
  calls: [READ_RECORD, LIST_RECORDS, WRITE_RECORDS],
};
