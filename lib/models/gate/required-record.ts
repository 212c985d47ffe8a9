import { GateError } from './gate-error';
import type { RecordStore } from './record-store';

/** @throws GateError APPROVAL_UNKNOWN - there is no such record */
export async function requireRecord(key: string, records: Pick<RecordStore, 'read'>): Promise<Buffer> {
  const bytes = await records.read(key);
  if (!bytes) throw new GateError('APPROVAL_UNKNOWN', `there is no record ${JSON.stringify(key).slice(0, 200)}`);
  return bytes;
}
