import { createHash } from 'node:crypto';
import type { Verdict } from '../scanning/verdict';
import { SigningError } from '../signing/signing-error';
import type { TrustPolicy } from '../signing/trust-policy';
import { verifyProvenance } from '../signing/verify-provenance';
import type { GateFinding } from './gate-finding';
import type { GatePolicy } from './gate-policy';
import { type JudgedMetric, judgeResults } from './judge-results';
import { type EvidenceFile, readSignedResult, type TrustedResult } from './signed-result';

/** What is known of a model when it comes to the gate. Nothing in it is trusted but the verdicts, which the caller found itself. */
export interface GateEvidence {
  /** The verified signature with its bytes, or why there is none. */
  readonly signature: { readonly rootDigest: string; readonly sha256: string } | { readonly finding: GateFinding };
  /** The scanner's verdict on the files that the signature is about, with the worst reason. */
  readonly scan: { readonly verdict: Verdict; readonly reason: string };
  /** @default - it is missing, which is a finding */
  readonly provenance?: EvidenceFile;
  readonly results: readonly EvidenceFile[];
}

/** Whom the gate believes, apart for each kind of evidence: who signs models need not be trusted with measuring them. */
export interface GateTrust {
  readonly provenance: TrustPolicy;
  readonly results: TrustPolicy;
}

/** What the gate found. */
export interface GateReport {
  readonly passed: boolean;
  /** Root digest of the model; `null` when its signature does not hold. */
  readonly rootDigest: string | null;
  readonly policy: { readonly name: string; readonly sha256: string };
  readonly findings: readonly GateFinding[];
  readonly metrics: readonly JudgedMetric[];
  /** What was looked at, with SHA-256: the evidence of a later summary. */
  readonly inputs: readonly { readonly name: string; readonly sha256: string }[];
}

/**
 * Judges a model by its signature, the scanner's verdict, its provenance, and its signed evaluation results.
 *
 * All findings are told, not the first alone. Without a valid signature there is nothing that the other evidence could be about, so none of
 * it is looked at.
 */
export function checkModel(policy: GatePolicy, evidence: GateEvidence, trust: GateTrust, now: Date): GateReport {
  const about = { name: policy.name, sha256: policy.sha256 };
  const { signature, scan } = evidence;
  const scanned: GateFinding[] = scan.verdict === 'SAFE' ? [] : [{ code: 'SCAN_NOT_SAFE', about: 'scan', reason: `${scan.verdict}: ${scan.reason}` }];
  if ('finding' in signature) {
    return { passed: false, rootDigest: null, policy: about, findings: [signature.finding, ...scanned], metrics: [], inputs: [] };
  }
  const { rootDigest } = signature;
  const provenance = checkProvenance(policy, evidence.provenance, trust.provenance, rootDigest);
  const read = evidence.results.map((file) => readSignedResult(file, trust.results, rootDigest));
  const judged = judgeResults(policy, read.filter(isTrusted), now);
  const findings = [...scanned, ...provenance.findings, ...read.filter(isFinding), ...judged.findings];
  return {
    passed: findings.length === 0,
    rootDigest,
    policy: about,
    findings,
    metrics: judged.metrics,
    inputs: [{ name: 'signature', sha256: signature.sha256 }, ...provenance.inputs, ...judged.used.map(({ name, sha256 }) => ({ name, sha256 }))],
  };
}

function checkProvenance(
  { builders }: GatePolicy, file: EvidenceFile | undefined, trust: TrustPolicy, subjectDigest: string,
): Pick<GateReport, 'findings' | 'inputs'> {
  if (!file) return { findings: [{ code: 'PROVENANCE_MISSING', about: 'provenance', reason: 'there is no provenance' }], inputs: [] };
  try {
    verifyProvenance(file.bytes, { trust, subjectDigest, builderIds: builders });
    return { findings: [], inputs: [{ name: file.name, sha256: createHash('sha256').update(file.bytes).digest('hex') }] };
  } catch (error) {
    if (!(error instanceof SigningError)) throw error;
    return { findings: [{ code: 'PROVENANCE_REFUSED', about: file.name, reason: `${error.code}: ${error.message}` }], inputs: [] };
  }
}

function isTrusted(one: TrustedResult | GateFinding): one is TrustedResult {
  return 'result' in one;
}

function isFinding(one: TrustedResult | GateFinding): one is GateFinding {
  return 'code' in one;
}
