import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { OnCallAlarm } from '../core/on-call-alarm';
import type { MalwareProtection } from './malware-protection';

/** Tells the on-call topic when malware was found, and when versions could not be judged. `docs/runbook.md` has an entry for each. */
export class ScanAlarms extends Construct {
  constructor(scope: Construct, id: string, { scan, topic }: { readonly scan: MalwareProtection; readonly topic: ITopic }) {
    super(scope, id);
    const alarms = [
      ['Infected', scan.metric('InfectedScanCount'), 'malware was found in an uploaded model artifact', 'infected-upload'],
      ['Failed', scan.metric('FailedScanCount'), 'an uploaded model artifact could not be scanned', 'failed-scan'],
      ['Unsupported', scan.metric('SkippedScanCount', 'Unsupported'), 'an uploaded model artifact is too large or packed too deep', 'failed-scan'],
      ['Forbidden', scan.metric('SkippedScanCount', 'MissingPermissions'), 'the malware scan lost a permission', 'failed-scan'],
    ] as const;
    for (const [alarmId, metric, means, runbook] of alarms) new OnCallAlarm(this, alarmId, { metric, means, runbook, topic });
  }
}
