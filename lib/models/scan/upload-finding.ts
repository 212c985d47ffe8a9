import type { DetectionFinding } from '../../core/finding';
import { detectionFinding } from '../../core/finding';
import type { ScanFindingEvent } from '../scan-finding.contract';

/** Reasons for which somebody should look at once who uploaded it. */
const ATTACKS = new Set(['MALWARE_FOUND', 'ARTIFACTS_DANGEROUS']);

/** The finding about an upload that stays in quarantine. Keys are chosen by who uploads, so it names the execution that knows them. */
export function uploadFinding({ reasons, execution, startedAt }: ScanFindingEvent, time: number): DetectionFinding {
  return detectionFinding({
    detector: 'models.upload-scan',
    title: 'An uploaded model stays in quarantine',
    level: reasons.some((reason) => ATTACKS.has(reason)) ? 'high' : 'medium',
    resource: { arn: execution, type: 'AWS::StepFunctions::Execution', createdAt: Date.parse(startedAt) },
    reasons,
    outcome: 'blocked',
    time,
    runbook: 'refused-upload',
  });
}
