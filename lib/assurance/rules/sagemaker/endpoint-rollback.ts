import type { Rule } from '../rule';

/** `AISec-SM14`. */
export const endpointRollback: Rule = {
  id: 'AISec-SM14',
  name: 'EndpointRollback',
  title: 'A new version of an endpoint is rolled back when alarms fire',
  severity: 'MEDIUM',
  controls: ['ML7'],
  threats: ['AML.T0031'],
  why: 'A poisoned or broken model stays in service until a person notices, with every request answered by it.',
  remedy: 'Set DeploymentConfig.AutoRollbackConfiguration.Alarms to the alarms on errors and latency of the endpoint.',
  example: 'deploymentConfig: { blueGreenUpdatePolicy, autoRollbackConfiguration: { alarms: [{ alarmName: errors.alarmName }] } }',
  source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-configuration.html',
  types: ['AWS::SageMaker::Endpoint'],
  check: (endpoint) =>
    endpoint.requireItems('DeploymentConfig.AutoRollbackConfiguration.Alarms', 1, 'no alarm takes a bad version of the model back'),
};
