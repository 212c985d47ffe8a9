import type { DetectionFinding } from '../../core/finding';
import { detectionFinding } from '../../core/finding';
import { FindingError } from '../../core/finding-error';
import type { ScanFindingEvent } from '../scan-finding.contract';

/** Where the chain of a model can end too early. */
const ABOUT = {
  upload: { detector: 'models.upload-scan', title: 'An uploaded model stays in quarantine', runbook: 'refused-upload' },
  signature: { detector: 'models.signature', title: 'A promoted model is not signed', runbook: 'unsigned-model' },
} as const;

/** What a finding of the chain is about. */
export type ChainStep = keyof typeof ABOUT;

/** Reasons for which somebody should look at once who uploaded it. */
const ATTACKS = new Set(['MALWARE_FOUND', 'ARTIFACTS_DANGEROUS']);

/**
 * The finding about a model that goes no further. Keys are chosen by who uploads, so it names the execution that knows them.
 *
 * @throws FindingError for what is no part of the chain, and for reasons that are no codes
 */
export function chainFinding({ about, reasons, execution, startedAt }: ScanFindingEvent, time: number): DetectionFinding {
  if (!Object.hasOwn(ABOUT, about)) throw new FindingError('INVALID_FINDING', 'about must be upload or signature');
  return detectionFinding({
    ...ABOUT[about],
    level: reasons.some((reason) => ATTACKS.has(reason)) ? 'high' : 'medium',
    resource: { arn: execution, type: 'AWS::StepFunctions::Execution', createdAt: Date.parse(startedAt) },
    reasons,
    outcome: 'blocked',
    time,
  });
}
