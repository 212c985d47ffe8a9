import { GateError } from './gate-error';
import { approvalId, readDecision, readPending } from './gate-records';
import type { StageOutcome } from './gate-stage';
import type { RecordStore } from './record-store';
import { RECORDS } from './record-store';
import { requireRecord } from './required-record';

/**
 * Makes sure that a person approved what is about to be signed: whoever calls the signer past the state machine gets no signature.
 *
 * @throws GateError APPROVAL_UNKNOWN or SUBJECT_CHANGED
 */
export async function assertApproved({ id, rootDigest, policy }: StageOutcome, records: Pick<RecordStore, 'read'>): Promise<void> {
  const pending = readPending(await requireRecord(`${RECORDS.PENDING}${approvalId(id)}.json`, records));
  const { decision } = readDecision(await requireRecord(`${RECORDS.DECISIONS}${id}.json`, records));
  if (decision !== 'approve' || pending.rootDigest !== rootDigest || pending.policySha256 !== policy.sha256) {
    throw new GateError('SUBJECT_CHANGED', `nobody approved ${rootDigest} under this policy by ${id}`);
  }
}
