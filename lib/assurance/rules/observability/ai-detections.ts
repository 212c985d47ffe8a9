import type { Resource } from '../../template';
import { Unknown, textParts } from '../../template';
import type { Answer } from '../answer';
import { any } from '../answer';
import { judged } from '../judgement';
import { textsIn } from '../places';
import type { Rule } from '../rule';

/** `AISec-LOG02`. */
export const aiDetections: Rule = {
  id: 'AISec-LOG02',
  name: 'AiDetections',
  title: 'Somebody is told when the AI services are abused',
  severity: 'MEDIUM',
  controls: ['OB4', 'OB5'],
  threats: ['AML.CS0030', 'AML.T0034'],
  why:
    'Stolen credentials run models of Bedrock at thousands of dollars a day: refused calls and switched-off logs come ' +
    'first, and nobody looks.',
  remedy: 'Add rules for findings of GuardDuty, and a rule or metric filter for refused and unusual calls of bedrock.amazonaws.com.',
  example:
    "new events.Rule(this, 'Findings', { eventPattern: { source: ['aws.guardduty'], detailType: ['GuardDuty Finding'] " + '}, targets });',
  source: 'https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings_eventbridge.html',
  types: [
    'AWS::SageMaker::Endpoint',
    'AWS::Bedrock::Agent',
    'AWS::Bedrock::KnowledgeBase',
    'AWS::Bedrock::Guardrail',
    'AWS::Bedrock::Flow',
    'AWS::BedrockAgentCore::Runtime',
  ],
  scope: 'APP',
  evidenceOnly: true,
  check: ({ app }) => {
    const watching = app.ofTypes('AWS::Events::Rule', 'AWS::Logs::MetricFilter', 'AWS::Logs::SubscriptionFilter').map(watchedBy);
    return [
      judged(any(watching.map((one) => one(/aws\.(?:guardduty|securityhub)/))), 'findings of GuardDuty reach nobody', 'findings'),
      judged(any(watching.map((one) => one(CALLS))), 'refused and unusual calls of the AI services reach nobody', 'calls'),
    ];
  },
};

const CALLS = /bedrock|sagemaker|InvokeModel|InvokeEndpoint|InvokeAgent/i;

/** What a rule or filter looks for, as a question. */
function watchedBy(resource: Resource): (pattern: RegExp) => Answer {
  const value = resource.at('EventPattern') ?? resource.at('FilterPattern');
  const texts = textsIn(value).map(({ value: text }) => text);
  const known = texts.flatMap((text) => (textParts(text) ?? []).filter((part) => typeof part === 'string')).join(' ');
  const open = texts.some((text) => text instanceof Unknown && text.isParameter);
  return (pattern) => {
    if (pattern.test(known)) return resource.presence === 'YES' ? 'YES' : 'UNKNOWN';
    return open ? 'UNKNOWN' : 'NO';
  };
}
