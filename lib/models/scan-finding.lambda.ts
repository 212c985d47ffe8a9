import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { FindingBus } from '../core/finding-bus';
import { requireEnvironment } from '../core/handler-environment';
import { chainFinding } from './scan/chain-finding';
import type { ScanFindingEvent } from './scan-finding.contract';
import { SCAN_FINDING_ENV } from './scan-finding.contract';

const events = new EventBridgeClient({});

/** Tells of a model that goes no further: of an upload that stays in quarantine, of a promoted model that is not signed. */
export async function handler(event: ScanFindingEvent): Promise<{ readonly finding: string }> {
  const finding = chainFinding(event, Date.now());
  await new FindingBus(events, requireEnvironment(SCAN_FINDING_ENV.FINDING_BUS)).raise(finding);
  console.log(JSON.stringify({ finding: finding.finding_info.uid, reasons: finding.finding_info.types }));
  return { finding: finding.finding_info.uid };
}
