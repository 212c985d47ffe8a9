import type { Duration } from 'aws-cdk-lib';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { OpsItemSeverity, SnsAction, SsmAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Construct } from 'constructs';
import { SecurityPosture } from '../posture';

export interface RollbackAlarmsProps {
  readonly serverErrors: IMetric;
  readonly modelLatency: IMetric;
  /** Above it the model is too slow. */
  readonly latency: Duration;
}

/**
 * The alarms that stop and roll back the deployment of a new model: errors, and latency. Whoever the posture names is told as well;
 * where it names nobody, the alarm opens an item in Systems Manager OpsCenter.
 *
 * Silence breaches nothing: an alarm in ALARM before a deployment would stop it.
 */
export class RollbackAlarms extends Construct {
  public readonly alarms: Alarm[];

  constructor(scope: Construct, id: string, props: RollbackAlarmsProps) {
    super(scope, id);
    const shared = {
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    } as const;
    this.alarms = [
      new Alarm(this, 'RollbackErrors', {
        ...shared, metric: props.serverErrors, threshold: 5, alarmDescription: 'a model fails on requests; see docs/runbook.md#endpoint-errors',
      }),
      new Alarm(this, 'RollbackLatency', {
        ...shared,
        metric: props.modelLatency,
        // The metric is in microseconds.
        threshold: props.latency.toMilliseconds() * 1000,
        alarmDescription: 'a model answers slowly; see docs/runbook.md#endpoint-latency',
      }),
    ];
    const { alarmTopic } = SecurityPosture.of(this);
    for (const alarm of this.alarms) {
      if (!alarmTopic) {
        alarm.addAlarmAction(new SsmAction(OpsItemSeverity.HIGH));
        continue;
      }
      const action = new SnsAction(alarmTopic);
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
      alarm.addInsufficientDataAction(action);
    }
  }
}
