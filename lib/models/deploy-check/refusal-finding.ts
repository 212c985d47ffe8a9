import type { DetectionFinding } from '../../core/finding';
import { detectionFinding } from '../../core/finding';
import type { DeployCheckErrorCode } from './deploy-check-error';

/** Refusals that somebody may have caused: a model that nobody approved, or that is not any more what was approved. */
const SUSPICIOUS: readonly DeployCheckErrorCode[] = [
  'MANIFEST_CHANGED', 'OBJECT_MISSING', 'OBJECT_EXTRA', 'OBJECT_REWRITTEN', 'CHECKSUM_MISMATCH', 'SIGNATURE_MISMATCH', 'VERDICT_MISSING', 'VERDICT_INVALID',
  'VERDICT_NOT_CLEAN', 'SUMMARY_MISSING', 'SUMMARY_REFUSED',
];

/** The finding about a deployment that was refused; undefined where the check could not look. */
export function refusalFinding(code: DeployCheckErrorCode, stackArn: string, time: number): DetectionFinding | undefined {
  if (!SUSPICIOUS.includes(code)) return undefined;
  return detectionFinding({
    detector: 'models.deployment-check',
    title: 'A model was refused when it was deployed',
    level: 'high',
    // A stack that is made again has another ARN: the time tells nothing more.
    resource: { arn: stackArn, type: 'AWS::CloudFormation::Stack', createdAt: 0 },
    reasons: [code],
    outcome: 'blocked',
    time,
    runbook: 'a-model-that-was-not-deployed',
  });
}
