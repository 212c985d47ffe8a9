import type { ArtifactStore } from '../ports/artifact-store';
import { assertMayDecide } from './approval';
import type { GateReport, GateTrust } from './check-model';
import { checkModel } from './check-model';
import { GateError } from './gate-error';
import type { GateFinding } from './gate-finding';
import type { GatePolicy } from './gate-policy';
import type { DecisionRecord, PendingRecord } from './gate-records';
import { readDecision, readPending, readRequest, writeRecord } from './gate-records';
import { requireRecord } from './required-record';
import { inspectModel } from './inspect-model';
import { authorOf, type DescribedPackage, packageFindings } from './model-package';
import type { TrustPolicy } from '../signing/trust-policy';
import type { RecordStore } from './record-store';
import { RECORDS } from './record-store';

/** Files of evidence of one model: whoever brings evidence could bring files without end. */
const MAX_EVIDENCE = 1_000;

/** What the checks take from outside. */
export interface StagePorts {
  readonly records: RecordStore;
  /** The served model below a prefix. */
  readonly model: (prefix: string) => ArtifactStore;
  readonly now: () => Date;
}

/** What this gate holds models to. */
export interface StageSettings {
  readonly policy: GatePolicy;
  readonly modelTrust: TrustPolicy;
  readonly evidenceTrust: GateTrust;
  readonly group: string;
  readonly kmsKeyArn: string;
  readonly servedBucket: string;
  /** How long a person has. Unit: hours. */
  readonly approvalHours: number;
}

/** What a record is about, so that the package can be described before it is checked. */
export interface Subject {
  readonly id: string;
  readonly modelPackageArn: string;
  readonly prefix: string;
}

/** Where the gate goes from here. */
export interface StageOutcome {
  /** `REFUSE`: the package is not what was asked for, so nothing is done to it. */
  readonly next: 'AWAIT_PERSON' | 'APPROVE' | 'REJECT' | 'REFUSE';
  readonly id: string;
  readonly modelPackageArn: string;
  readonly prefix: string;
  readonly rootDigest: string | null;
  readonly findings: readonly GateFinding[];
  readonly policy: GateReport['policy'];
  readonly inputs: GateReport['inputs'];
}

/** Longest list of findings that is handed on; the state machine carries a limited payload. */
const MAX_FINDINGS = 20;

/** Reads what a request or a decision is about. @throws GateError */
export async function readSubject(key: string, { records }: StagePorts): Promise<Subject> {
  if (key.startsWith(RECORDS.REQUESTS)) {
    const { id, modelPackageArn, prefix } = readRequest(await requireRecord(key, records));
    return { id, modelPackageArn, prefix };
  }
  if (key.startsWith(RECORDS.DECISIONS)) {
    const { id } = readDecision(await requireRecord(key, records));
    const { modelPackageArn, prefix } = readPending(await requireRecord(`${RECORDS.PENDING}${id}.json`, records));
    return { id, modelPackageArn, prefix };
  }
  throw new GateError('REQUEST_INVALID', `${JSON.stringify(key).slice(0, 200)} is neither a request nor a decision`);
}

/**
 * Checks a model, for a request and once more for a decision: what was good when it was asked for may be stale, or changed, by then.
 *
 * @throws GateError
 */
export async function runStage(
  key: string, described: DescribedPackage, settings: StageSettings, ports: StagePorts,
): Promise<StageOutcome> {
  const subject = await readSubject(key, ports);
  const { servedBucket } = settings;
  const expected = { ...settings, modelPackageArn: subject.modelPackageArn, modelUri: `s3://${servedBucket}/${subject.prefix}` };
  const policy = { name: settings.policy.name, sha256: settings.policy.sha256 };
  const wrong = packageFindings(described, expected);
  // Told before gigabytes are hashed, and without a verdict on the package: whoever asks could take an approval back otherwise.
  if (wrong.length > 0) return { ...subject, next: 'REFUSE', rootDigest: null, findings: wrong, policy, inputs: [] };
  const report = await check(subject, settings, ports);
  const { rootDigest, inputs } = report;
  const outcome = { ...subject, rootDigest, findings: report.findings.slice(0, MAX_FINDINGS), policy, inputs };
  if (!report.passed || rootDigest === null) return { ...outcome, next: 'REJECT' };
  if (key.startsWith(RECORDS.REQUESTS)) {
    await openApproval(key, described, { ...subject, rootDigest }, settings, ports);
    return { ...outcome, next: 'AWAIT_PERSON' };
  }
  const decision = await decisionOf(key, described, rootDigest, settings, ports);
  return { ...outcome, next: decision === 'approve' ? 'APPROVE' : 'REJECT' };
}

async function check({ prefix }: Subject, settings: StageSettings, { records, model, now }: StagePorts): Promise<GateReport> {
  const { policy, modelTrust, evidenceTrust } = settings;
  const looked = await inspectModel(model(prefix), modelTrust);
  const root = 'rootDigest' in looked.signature ? looked.signature.rootDigest : undefined;
  const keys = root === undefined ? [] : await records.keys(`${RECORDS.EVIDENCE}${root}/`, MAX_EVIDENCE);
  const files = await Promise.all(keys.map(async (name) => ({ name, bytes: await requireRecord(name, records) })));
  const provenance = files.find(({ name }) => name.endsWith('/provenance.intoto.json'));
  const results = files.filter((file) => file !== provenance);
  return checkModel(policy, { ...looked, ...(provenance ? { provenance } : {}), results }, evidenceTrust, now());
}

async function openApproval(
  key: string,
  described: DescribedPackage,
  outcome: Subject & { readonly rootDigest: string },
  settings: StageSettings,
  { records, now }: StagePorts,
): Promise<void> {
  const { id, modelPackageArn, prefix, rootDigest } = outcome;
  const pending: PendingRecord = {
    id,
    modelPackageArn,
    prefix,
    rootDigest,
    policySha256: settings.policy.sha256,
    author: authorOf(described),
    requester: readRequest(await requireRecord(key, records)).requester,
    expiresAt: new Date(now().getTime() + settings.approvalHours * 60 * 60 * 1000),
  };
  // A second run for the same request, as after a retry, changes nothing.
  await records.writeOnce(`${RECORDS.PENDING}${id}.json`, writeRecord(pending));
}

async function decisionOf(
  key: string, described: DescribedPackage, rootDigest: string, settings: StageSettings, { records, now }: StagePorts,
): Promise<DecisionRecord['decision']> {
  const { id, decision, approver } = readDecision(await requireRecord(key, records));
  const pending = readPending(await requireRecord(`${RECORDS.PENDING}${id}.json`, records));
  if (pending.rootDigest !== rootDigest || pending.policySha256 !== settings.policy.sha256) {
    throw new GateError('SUBJECT_CHANGED', 'model or policy are not what the person decided on: ask for the approval again');
  }
  // Once more, and by what SageMaker says now: the desk is another function, with its own role.
  assertMayDecide({ ...pending, author: authorOf(described) }, approver, now());
  assertMayDecide(pending, approver, now());
  return decision;
}
