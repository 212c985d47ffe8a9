import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { FindingBus } from '../core/finding-bus';
import { requireEnvironment } from '../core/handler-environment';
import { uploadFinding } from './scan/upload-finding';
import type { ScanFindingEvent } from './scan-finding.contract';
import { SCAN_FINDING_ENV } from './scan-finding.contract';

const events = new EventBridgeClient({});

/** Tells of an upload that stays in quarantine. */
export async function handler(event: ScanFindingEvent): Promise<{ readonly finding: string }> {
  const finding = uploadFinding(event, Date.now());
  await new FindingBus(events, requireEnvironment(SCAN_FINDING_ENV.FINDING_BUS)).raise(finding);
  console.log(JSON.stringify({ finding: finding.finding_info.uid, reasons: finding.finding_info.types }));
  return { finding: finding.finding_info.uid };
}
