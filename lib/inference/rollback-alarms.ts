import type { Duration } from 'aws-cdk-lib';
import type { Alarm, IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { OpsItemSeverity, SsmAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Construct } from 'constructs';
import { OnCallAlarm } from '../core/on-call-alarm';
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
    const { alarmTopic: topic } = SecurityPosture.of(this);
    const told = topic ? { topic } : {};
    this.alarms = [
      new OnCallAlarm(this, 'RollbackErrors', {
        metric: props.serverErrors, threshold: 5, means: 'a model fails on requests', runbook: 'endpoint-errors', ...told,
      }),
      new OnCallAlarm(this, 'RollbackLatency', {
        metric: props.modelLatency,
        // The metric is in microseconds.
        threshold: props.latency.toMilliseconds() * 1000,
        means: 'a model answers slowly',
        runbook: 'endpoint-latency',
        ...told,
      }),
    ];
    if (!topic) for (const alarm of this.alarms) alarm.addAlarmAction(new SsmAction(OpsItemSeverity.HIGH));
  }
}
