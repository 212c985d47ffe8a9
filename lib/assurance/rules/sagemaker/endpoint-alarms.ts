import type { Resource } from '../../template';
import { Unknown, listOf, valueAt } from '../../template';
import type { Answer } from '../answer';
import { any } from '../answer';
import type { JudgedApp } from '../judged-app';
import { judged } from '../judgement';
import { placesAt } from '../places';
import type { Rule } from '../rule';

/** `AISec-SM12`. */
export const endpointAlarms: Rule = {
  id: 'AISec-SM12',
  name: 'EndpointAlarms',
  title: 'Alarms watch the requests, the errors and the latency of an endpoint',
  severity: 'MEDIUM',
  controls: ['OB2', 'OB4'],
  threats: ['AML.T0029', 'AML.T0034'],
  why: 'A flood, somebody who harvests answers, or a broken model runs for days before the bill or a customer tells.',
  remedy: 'Add alarms of the namespace AWS/SageMaker on Invocations, Invocation5XXErrors and ModelLatency with the name of the endpoint.',
  example:
    "new cloudwatch.Alarm(this, 'Errors', { metric: new cloudwatch.Metric({ namespace: 'AWS/SageMaker', metricName: " +
    "'Invocation5XXErrors', dimensionsMap }), threshold: 1, evaluationPeriods: 1 });",
  source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html',
  types: ['AWS::SageMaker::Endpoint'],
  evidenceOnly: true,
  check: ({ resource, app }) => {
    const watched = app.ofTypes('AWS::CloudWatch::Alarm').flatMap((alarm) => watchedBy(alarm, resource, app));
    return NEEDED.map(({ what, metric }) => {
      const found = any(watched.filter(({ name }) => metric.test(name)).map((one) => one.of));
      return judged(found, `no alarm of the templates watches the ${what} of the endpoint`, what);
    });
  },
};

const NEEDED = [
  { what: 'requests', metric: /^(?:Invocations|InvocationsPerInstance|InvocationsPerCopy|ConcurrentRequestsPer\w+)$/ },
  { what: 'errors', metric: /^Invocation(?:5XXErrors|4XXErrors|ModelErrors|sFailed)$/ },
  { what: 'latency', metric: /^(?:ModelLatency|OverheadLatency|TimeInBacklog|ModelSetupTime)$/ },
];

interface Watched {
  readonly name: string;
  readonly of: Answer;
}

function watchedBy(alarm: Resource, endpoint: Resource, app: JudgedApp): Watched[] {
  const metrics = [alarm.properties, ...placesAt(alarm.properties, 'Metrics.*.MetricStat.Metric').map(({ value }) => value)];
  return metrics.flatMap((metric): Watched[] => {
    const name = valueAt(metric, ['MetricName']);
    if (valueAt(metric, ['Namespace']) !== 'AWS/SageMaker' || typeof name !== 'string') return [];
    const value = listOf(valueAt(metric, ['Dimensions'])).find((dimension) => valueAt(dimension, ['Name']) === 'EndpointName');
    const named = valueAt(value, ['Value']);
    if (app.named(named) === endpoint) return [{ name, of: 'YES' }];
    return named instanceof Unknown && named.origin === undefined ? [{ name, of: 'UNKNOWN' }] : [];
  });
}
