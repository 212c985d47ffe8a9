import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { MalwareProtection } from './malware-protection';

/** Tells the on-call topic when malware was found, and when versions could not be judged. `docs/runbook.md` has an entry for each. */
export class ScanAlarms extends Construct {
  constructor(scope: Construct, id: string, props: { readonly scan: MalwareProtection; readonly topic: ITopic }) {
    super(scope, id);
    const { scan } = props;
    const alarms = [
      ['Infected', scan.metric('InfectedScanCount'), 'malware was found in an uploaded model artifact; see docs/runbook.md#infected-upload'],
      ['Failed', scan.metric('FailedScanCount'), 'an uploaded model artifact could not be scanned; see docs/runbook.md#failed-scan'],
      ['Unsupported', scan.metric('SkippedScanCount', 'Unsupported'), 'an uploaded model artifact is too large or packed too deep; see docs/runbook.md#failed-scan'],
      ['Forbidden', scan.metric('SkippedScanCount', 'MissingPermissions'), 'the malware scan lost a permission; see docs/runbook.md#failed-scan'],
    ] as const;
    const action = new SnsAction(props.topic);
    for (const [alarmId, metric, alarmDescription] of alarms) {
      const alarm = new Alarm(this, alarmId, {
        alarmDescription,
        metric,
        threshold: 0,
        comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
        evaluationPeriods: 1,
        treatMissingData: TreatMissingData.NOT_BREACHING,
      });
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
      alarm.addInsufficientDataAction(action);
    }
  }
}
