import type { RecordStore } from '../gate/record-store';
import type { Signer } from '../ports/signer';
import type { QuarantineSource } from '../promote/promote-model';
import { SCAN_STATUS_CLEAN } from '../promote/scan-status';
import { signStatement } from '../signing/sign-statement';
import { malwareStatuses } from './await-malware';
import type { JudgedObject, ScanVerdict } from './scan-verdict';
import { verdictKey, writeVerdict } from './scan-verdict';
import { UploadError } from './upload-error';
import type { ExaminedObject, UploadReport } from './upload-report';
import { readReport, reportKey } from './upload-report';

/** What the judgement takes from outside. */
export interface JudgePorts {
  /** Name of the quarantine bucket. */
  readonly bucket: string;
  readonly source: Pick<QuarantineSource, 'tags'>;
  readonly records: Pick<RecordStore, 'read' | 'writeOnce'>;
  readonly signer: Signer;
  readonly now: () => Date;
}

/** What was decided. */
export interface UploadOutcome {
  readonly id: string;
  readonly verdict: ScanVerdict['verdict'];
  /** Closed codes, none for `CLEAN`. */
  readonly reasons: readonly string[];
  /** Whether it is signed: what is refused without its contents being named is not. */
  readonly signed: boolean;
}

/**
 * Decides on an upload by the recorded report and by what the malware scan says now of each version, and signs the decision.
 *
 * It takes an id and nothing else: who calls it past the state machine gets the same verdict.
 *
 * @throws UploadError, SigningError, or what records and source fail with
 */
export async function judgeUpload(id: string, ports: JudgePorts): Promise<UploadOutcome> {
  const report = await requireReport(id, ports);
  const reasons = reasonsOf(report, await malwareStatuses(report.objects, ports.source as QuarantineSource));
  const verdict = reasons.length === 0 ? 'CLEAN' : 'REFUSED';
  const { objects } = report;
  if (!objects.every(isNamed)) {
    if (verdict === 'CLEAN') throw new UploadError('REPORT_INVALID', `the report ${id} is safe and names not all contents`);
    return { id, verdict, reasons, signed: false };
  }
  // What was signed once stays; a promoter asks for that and for the tags, so nothing gets better by being judged again.
  if (!(await ports.records.read(verdictKey(id)))) {
    const payload = writeVerdict({ id, bucket: ports.bucket, verdict, reasons, judgedAt: ports.now(), objects });
    await ports.records.writeOnce(verdictKey(id), await signStatement(payload, ports.signer));
  }
  return { id, verdict, reasons, signed: true };
}

async function requireReport(id: string, { records, bucket }: JudgePorts): Promise<UploadReport> {
  if (!/^[0-9a-f]{64}$/.test(id)) throw new UploadError('INVALID_EVENT', 'id must be 64 lower-case hexadecimal digits');
  const bytes = await records.read(reportKey(id));
  if (!bytes) throw new UploadError('REPORT_INVALID', `there is no report ${id}`);
  const report = readReport(bytes);
  if (report.id !== id || report.bucket !== bucket || report.objects.length === 0) throw new UploadError('REPORT_INVALID', `the report ${id} is about something else`);
  return report;
}

function reasonsOf({ verdict, reasons }: UploadReport, statuses: readonly string[]): string[] {
  const malware = statuses.filter((status) => status !== SCAN_STATUS_CLEAN).map((status) => (status === 'THREATS_FOUND' ? 'MALWARE_FOUND' : 'MALWARE_NOT_EXCLUDED'));
  const artifacts = verdict === 'SAFE' ? [] : [`ARTIFACTS_${verdict}`, ...reasons];
  return [...new Set([...malware, ...artifacts])].sort();
}

function isNamed(object: ExaminedObject): object is JudgedObject {
  return object.sha256 !== undefined;
}
