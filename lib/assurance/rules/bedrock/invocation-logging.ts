import { COMPLIANT, undetermined, violated } from '../judgement';
import type { Rule } from '../rule';
import { BEDROCK_USE_TYPES, invocationLogSettings, usesBedrock } from './bedrock-use';

/** `AISec-BR09`. */
export const invocationLogging: Rule = {
  id: 'AISec-BR09',
  name: 'InvocationLogging',
  title: 'The invocations of models are logged',
  severity: 'HIGH',
  controls: ['OB1', 'P5'],
  threats: ['AML.CS0030', 'AML.T0034', 'LLM10'],
  why: 'After an incident nobody can say what was asked, what was answered, and who asked.',
  remedy: 'Set the logging configuration of the region by a custom resource, with an encrypted bucket and log group.',
  example:
    "new cr.AwsCustomResource(this, 'InvocationLogging', { onUpdate: { service: 'Bedrock', action: 'putModelInvocationLoggingConfiguration', parameters: { loggingConfig }, physicalResourceId: cr.PhysicalResourceId.of('logging') }, policy });",
  source: 'https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html',
  types: BEDROCK_USE_TYPES,
  scope: 'APP',
  evidenceOnly: true,
  check: (subject) => {
    if (!usesBedrock(subject)) return undefined;
    const found = invocationLogSettings(subject.app);
    if (found.some(({ presence }) => presence === 'YES')) return COMPLIANT;
    if (found.length > 0) return undetermined('whether invocations are logged is decided at deploy time');
    return violated('models are used, and nothing in these templates sets the log of their invocations');
  },
};
