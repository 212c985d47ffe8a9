import { Duration } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { Dashboard, GraphWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { IInferenceTarget } from './api';

/** One page for a gateway and the models behind it. */
export class GatewayDashboard extends Construct {
  private readonly dashboard: Dashboard;

  constructor(scope: Construct, id: string, { api }: { readonly api: RestApi }) {
    super(scope, id);
    const stage = api.deploymentStage;
    const period = Duration.minutes(5);
    this.dashboard = new Dashboard(this, 'Resource');
    this.dashboard.addWidgets(
      new GraphWidget({ title: 'Requests', left: [stage.metricCount({ period })] }),
      new GraphWidget({ title: 'Refused and failed', left: [stage.metricClientError({ period, statistic: 'Sum' }), stage.metricServerError({ period, statistic: 'Sum' })] }),
      new GraphWidget({ title: 'Latency', left: ['p50', 'p99'].map((statistic) => stage.metricLatency({ period, statistic })) }),
    );
  }

  /** A row for a model. */
  public addTarget(name: string, target: IInferenceTarget): void {
    this.dashboard.addWidgets(
      new GraphWidget({ title: `${name}: invocations`, left: [target.metricInvocations()] }),
      new GraphWidget({ title: `${name}: errors`, left: [target.metricServerErrors()] }),
      new GraphWidget({ title: `${name}: model latency`, left: [target.metricModelLatency()] }),
    );
  }
}
