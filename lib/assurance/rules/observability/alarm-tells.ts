import { all, isOneOf, isPresent, not } from '../answer';
import { judged } from '../judgement';
import { ofAiApp } from '../of-ai-app';
import type { Rule } from '../rule';

/** What acts on the state of an alarm without an action of its own. */
const READS = /^AWS::(CloudWatch::CompositeAlarm|SageMaker::Endpoint|CodeDeploy::|ApplicationAutoScaling::|AutoScaling::|FIS::|AppConfig::)/;

/** `AISec-LOG04`. */
export const alarmTells: Rule = {
  id: 'AISec-LOG04',
  name: 'AlarmTells',
  title: 'An alarm of an app with an AI workload tells somebody',
  severity: 'MEDIUM',
  controls: ['OB4', 'OB5'],
  threats: ['AML.T0034', 'AML.T0029'],
  why: 'An alarm without an action turns red on a page that nobody looks at: infected models and swept jobs are found weeks later.',
  remedy: 'Set AlarmActions to a topic or another action.',
  example: 'alarm.addAlarmAction(new actions.SnsAction(topic));',
  source: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-actions.html',
  types: ['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm'],
  check: ofAiApp(({ app, resource }) => {
    if (resource.incoming.some(({ from }) => READS.test(from.type)) || app.naming(resource, 'AWS::SageMaker::Endpoint', ROLLBACK).length > 0) return undefined;
    const on = not(isOneOf(false)(resource.at('ActionsEnabled')));
    return judged(all([isPresent(resource.at('AlarmActions')), on]), 'the alarm tells nobody', 'AlarmActions');
  }),
};

/** Where an endpoint names the alarms that roll a deployment back. */
export const ROLLBACK = 'DeploymentConfig.AutoRollbackConfiguration.Alarms.*.AlarmName';
