import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { OnCallAlarm } from '../core/on-call-alarm';

/** Tells the on-call topic when launches fail, are ended from outside, or take too long. `docs/runbook.md` has an entry for them. */
export class LaunchAlarms extends Construct {
  constructor(scope: Construct, id: string, { stateMachineArn, topic }: { readonly stateMachineArn: string; readonly topic: ITopic }) {
    super(scope, id);
    const alarms = [
      ['Failed', 'ExecutionsFailed', 'a training job was refused or failed'],
      ['Aborted', 'ExecutionsAborted', 'a training job was ended from outside'],
      ['TimedOut', 'ExecutionsTimedOut', 'a training job took too long'],
    ] as const;
    for (const [alarmId, metricName, means] of alarms) {
      const metric = new Metric({ namespace: 'AWS/States', metricName, dimensionsMap: { StateMachineArn: stateMachineArn }, statistic: 'Sum' });
      new OnCallAlarm(this, alarmId, { metric, means, runbook: 'failed-training-job', topic });
    }
  }
}
