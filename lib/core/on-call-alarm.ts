import type { AlarmBase, IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

export interface OnCallAlarmProps {
  /** At most the threshold, or without data, as long as all is well. */
  readonly metric: IMetric;
  /** @default 0 */
  readonly threshold?: number;
  /** What happened, and the heading of its entry in the runbook, as an anchor. */
  readonly means: string;
  readonly runbook: string;
  /** @default - nobody is told; see `tellOnCall` */
  readonly topic?: ITopic;
}

/** Tells the on-call topic as soon as something that should not happen has happened once, and when it is over. */
export class OnCallAlarm extends Alarm {
  constructor(scope: Construct, id: string, { metric, threshold = 0, means, runbook, topic }: OnCallAlarmProps) {
    super(scope, id, {
      alarmDescription: `${means}; see docs/runbook.md#${runbook}`,
      metric,
      threshold,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    if (topic) tellOnCall(this, topic);
  }
}

/** Tells the topic when an alarm begins, when it is over, and when nothing is known any more. */
export function tellOnCall(alarm: AlarmBase, topic: ITopic): void {
  const action = new SnsAction(topic);
  alarm.addAlarmAction(action);
  alarm.addOkAction(action);
  alarm.addInsufficientDataAction(action);
}
