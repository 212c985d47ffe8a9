import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

export interface OnCallAlarmProps {
  /** Zero, or without data, as long as all is well. */
  readonly metric: IMetric;
  /** What happened, and the heading of its entry in the runbook, as an anchor. */
  readonly means: string;
  readonly runbook: string;
  readonly topic: ITopic;
}

/** Tells the on-call topic as soon as something that should not happen has happened once, and when it is over. */
export class OnCallAlarm extends Alarm {
  constructor(scope: Construct, id: string, { metric, means, runbook, topic }: OnCallAlarmProps) {
    super(scope, id, {
      alarmDescription: `${means}; see docs/runbook.md#${runbook}`,
      metric,
      threshold: 0,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    const action = new SnsAction(topic);
    this.addAlarmAction(action);
    this.addOkAction(action);
    this.addInsufficientDataAction(action);
  }
}
