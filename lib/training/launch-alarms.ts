import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

/** Tells the on-call topic when launches fail, are ended from outside, or take too long. `docs/runbook.md` has an entry for them. */
export class LaunchAlarms extends Construct {
  constructor(scope: Construct, id: string, props: { readonly stateMachineArn: string; readonly topic: ITopic }) {
    super(scope, id);
    const action = new SnsAction(props.topic);
    const alarms = [
      ['Failed', 'ExecutionsFailed', 'a training job was refused or failed; see docs/runbook.md#failed-training-job'],
      ['Aborted', 'ExecutionsAborted', 'a training job was ended from outside; see docs/runbook.md#failed-training-job'],
      ['TimedOut', 'ExecutionsTimedOut', 'a training job took too long; see docs/runbook.md#failed-training-job'],
    ] as const;
    for (const [alarmId, metricName, alarmDescription] of alarms) {
      const alarm = new Alarm(this, alarmId, {
        alarmDescription,
        metric: new Metric({ namespace: 'AWS/States', metricName, dimensionsMap: { StateMachineArn: props.stateMachineArn }, statistic: 'Sum' }),
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
