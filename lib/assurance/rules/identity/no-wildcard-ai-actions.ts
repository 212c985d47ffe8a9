import type { PolicyStatement } from '../../template';
import { answer, not } from '../answer';
import { IDENTITY_POLICY_TYPES, judgeGrants } from '../grant';
import type { Rule } from '../rule';
import { RUN_WITH_ROLE, USE_MODEL } from './ai-actions';

/** `AISec-IAM08`. */
export const noWildcardAiActions: Rule = {
  id: 'AISec-IAM08',
  name: 'NoWildcardAiActions',
  title: 'Policies name the actions of AI services that they allow',
  severity: 'HIGH',
  controls: ['P1', 'AA3'],
  threats: ['AML.T0012', 'LLM06'],
  why: 'A star over an AI service covers the way out as well: it deletes guardrails and logs, approves models and starts jobs.',
  remedy: 'List the actions that the principal needs.',
  example: "new iam.PolicyStatement({ actions: ['bedrock:InvokeModel'], resources: [modelArn] });",
  source: 'https://docs.aws.amazon.com/bedrock/latest/userguide/security_iam_id-based-policy-examples.html',
  types: IDENTITY_POLICY_TYPES,
  check: (policy) =>
    judgeGrants(policy, [...USE_MODEL, ...RUN_WITH_ROLE], (statement) => not(answer(isServiceWide(statement))), 'allows every action of an AI service'),
};

function isServiceWide({ actions }: PolicyStatement): boolean {
  return actions.texts.some(({ parts }) => /^(sagemaker|bedrock|bedrock-agentcore):\*+$/i.test(parts.join('')));
}
