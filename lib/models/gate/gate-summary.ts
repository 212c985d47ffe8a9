import type { Subject } from '../signing/in-toto-statement';
import { writeVerificationSummary } from '../signing/verification-summary';
import type { GateReport } from './check-model';

/** What a model that passed the gate and a person has reached. The levels of SLSA are not claimed: they are about builds. */
export const GATE_LEVEL = 'CDK_SECURE_AI_GATE_V1';

export interface GateDecision {
  /** ARN of the gate. */
  readonly gate: string;
  readonly subject: Subject;
  /** Where the model lies, as those who deploy it name it. */
  readonly resourceUri: string;
  /** Where the policy lies. */
  readonly policyUri: string;
  readonly passed: boolean;
  readonly decidedAt: Date;
}

/**
 * The SLSA verification summary of a decision, ready for `signStatement`.
 *
 * @throws SigningError PREDICATE_INVALID, SUBJECT_COUNT or a FIELD code
 */
export function writeGateSummary(report: Pick<GateReport, 'policy' | 'inputs'>, decision: GateDecision): Buffer {
  return writeVerificationSummary([decision.subject], {
    verifierId: decision.gate,
    timeVerified: decision.decidedAt,
    resourceUri: decision.resourceUri,
    policy: { uri: decision.policyUri, digest: { sha256: report.policy.sha256 } },
    inputAttestations: report.inputs.map(({ name, sha256 }) => ({ name, digest: { sha256 } })),
    result: decision.passed ? 'PASSED' : 'FAILED',
    verifiedLevels: decision.passed ? [GATE_LEVEL] : [],
  });
}
