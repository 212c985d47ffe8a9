import type { Rule } from '../rule';
import { ROLLBACK } from './alarm-tells';

/** `AISec-LOG10`. */
export const rollbackTells: Rule = {
  id: 'AISec-LOG10',
  name: 'RollbackTells',
  title: 'An alarm that rolls back the deployment of an endpoint tells somebody as well',
  severity: 'LOW',
  controls: ['OB4', 'OB5'],
  threats: ['AML.T0018', 'AML.T0029'],
  why: 'The rollback hides what set it off, and there is none once the deployment has ended: a model that fails or slows down by an attack goes on unseen.',
  remedy: 'Set AlarmActions to a topic beside the rollback.',
  example: 'alarm.addAlarmAction(new actions.SnsAction(topic));',
  source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-configuration.html',
  types: ['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm'],
  check: (alarm) =>
    alarm.app.naming(alarm.resource, 'AWS::SageMaker::Endpoint', ROLLBACK).length > 0
      ? alarm.requirePresent('AlarmActions', 'the alarm rolls back and tells nobody')
      : undefined,
};
