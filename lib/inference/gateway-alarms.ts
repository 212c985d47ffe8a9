import { Duration, Names } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { AnomalyDetectionAlarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { OnCallAlarm, tellOnCall } from '../core/on-call-alarm';

export interface GatewayAlarmsProps {
  readonly api: RestApi;
  readonly accessLog: ILogGroup;
  readonly topic: ITopic;
}

const PERIOD = Duration.minutes(5);

/** Tells the on-call topic when a gateway fails, is slow, turns callers away, or is asked as never before; see `docs/runbook.md`. */
export class GatewayAlarms extends Construct {
  constructor(scope: Construct, id: string, { api, accessLog, topic }: GatewayAlarmsProps) {
    super(scope, id);
    const stage = api.deploymentStage;
    const alarms = [
      ['ServerErrors', stage.metricServerError({ period: PERIOD, statistic: 'Sum' }), 5, 'fails on requests', 'gateway-errors'],
      ['Latency', stage.metricLatency({ period: PERIOD, statistic: 'p99' }), 20_000, 'answers slowly', 'gateway-latency'],
      ['Throttled', this.throttled(accessLog), 50, 'turns callers away', 'gateway-throttling'],
    ] as const;
    for (const [alarmId, metric, threshold, what, runbook] of alarms) {
      new OnCallAlarm(this, alarmId, { metric, threshold, means: `an inference gateway ${what}`, runbook, topic });
    }
    const anomaly = new AnomalyDetectionAlarm(this, 'Anomaly', {
      metric: stage.metricCount({ period: PERIOD, statistic: 'Sum' }),
      stdDevs: 4,
      comparisonOperator: ComparisonOperator.GREATER_THAN_UPPER_THRESHOLD,
      evaluationPeriods: 3,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      alarmDescription: 'an inference gateway is asked far more than usual; see docs/runbook.md#invocation-anomaly',
    });
    tellOnCall(anomaly, topic);
  }

  /** API Gateway has no metric for it: refusals for rate and quota are client errors among others. */
  private throttled(accessLog: ILogGroup): IMetric {
    const filter = new MetricFilter(this, 'Refusals', {
      logGroup: accessLog,
      filterPattern: FilterPattern.stringValue('$.status', '=', '429'),
      metricNamespace: 'CdkSecureAi/Inference',
      // Metric filters take no dimension from a constant: the name keeps two gateways apart.
      metricName: `Throttled-${Names.uniqueResourceName(this, { maxLength: 100, separator: '-' })}`,
      metricValue: '1',
    });
    return filter.metric({ statistic: 'Sum', period: PERIOD });
  }
}
