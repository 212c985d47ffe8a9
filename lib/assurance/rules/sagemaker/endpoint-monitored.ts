import type { Resource } from '../../template';
import { Unknown } from '../../template';
import type { Answer } from '../answer';
import { DEFINITION_TYPES } from '../definitions/definition';
import { JOB_TYPES } from '../definitions/job';
import type { JudgedApp } from '../judged-app';
import { judged } from '../judgement';
import { placesAt } from '../places';
import type { Rule } from '../rule';

/** `AISec-SM11`. */
export const endpointMonitored: Rule = {
  id: 'AISec-SM11',
  name: 'EndpointMonitored',
  title: 'An endpoint is watched by a scheduled job',
  severity: 'MEDIUM',
  controls: ['OB3'],
  threats: ['AML.T0015', 'AML.T0031'],
  why: 'Inputs that drift, or that somebody skews on purpose, degrade the answers without any alarm.',
  remedy:
    'Schedule a job that compares captured traffic with the baseline: a monitoring schedule, a pipeline or a state ' +
    'machine that names the endpoint.',
  example: "new sagemaker.CfnMonitoringSchedule(this, 'Drift', { monitoringScheduleName: 'drift', monitoringScheduleConfig });",
  source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor.html',
  types: ['AWS::SageMaker::Endpoint'],
  evidenceOnly: true,
  check: ({ resource, app }) => {
    return judged(watched(resource, app), 'nothing in the templates compares the traffic of the endpoint with a baseline');
  },
};

const WATCHERS: readonly string[] = [...JOB_TYPES, ...DEFINITION_TYPES];
const NAMES: readonly string[] = [
  'EndpointName',
  '*.EndpointInput.EndpointName',
  'MonitoringScheduleConfig.MonitoringJobDefinition.MonitoringInputs.*.EndpointInput.EndpointName',
];

function watched(endpoint: Resource, app: JudgedApp): Answer {
  const config = app.named(endpoint.at('EndpointConfigName'));
  const refers = [endpoint, config].some((one) => one?.incoming.some(({ from }) => WATCHERS.includes(from.type)));
  const names = app.ofTypes(...JOB_TYPES).flatMap((job) => NAMES.flatMap((place) => placesAt(job.properties, place)));
  if (refers || names.some(({ value }) => app.named(value) === endpoint)) return 'YES';
  return names.some(({ value }) => value instanceof Unknown && value.origin === undefined) ? 'UNKNOWN' : 'NO';
}
