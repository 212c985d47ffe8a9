import type { Construct } from 'constructs';
import { RECORDS } from './gate/record-store';
import { RECORDS_GUARD } from './registry-guard';
import { WriteOnceRecords } from './write-once-records';

/** Who writes which part of the records. */
export type RecordsWriter = 'desk' | 'check' | 'sign';

/** The parts that each writer alone writes. */
export const WRITTEN_BY: Readonly<Record<RecordsWriter, readonly string[]>> = {
  desk: [RECORDS.REQUESTS, RECORDS.TOKENS, RECORDS.DECISIONS],
  check: [RECORDS.PENDING],
  sign: [RECORDS.SUMMARIES],
};

/**
 * The records of a gate: requests, tokens, decisions, and the summaries that come of them. Each part has one writer, and each record is
 * written once, so a decision can neither be made by another function nor be made again.
 */
export class GateRecordsBucket extends WriteOnceRecords {
  constructor(scope: Construct, id: string) {
    super(scope, id, {
      description: 'Requests, decisions and summaries of the approval gate',
      parts: {
        desk: { sid: RECORDS_GUARD.DESK, prefixes: WRITTEN_BY.desk },
        check: { sid: RECORDS_GUARD.CHECK, prefixes: WRITTEN_BY.check },
        sign: { sid: RECORDS_GUARD.SIGN, prefixes: WRITTEN_BY.sign },
      },
    });
  }

  /** What the record slots of a handler's contract are bound to: each function reads all of them, and writes its own part. */
  public resourcesOf(writer: RecordsWriter): Record<string, string[]> {
    return { ...this.readBy(''), ...this.writtenBy(...WRITTEN_BY[writer]) };
  }
}
