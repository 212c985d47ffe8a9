import { not } from '../answer';
import { IDENTITY_POLICY_TYPES, holderMay, judgeGrants } from '../grant';
import type { Rule } from '../rule';
import { EDIT_GUARDRAIL, USE_MODEL } from './ai-actions';

/** `AISec-IAM19`. */
export const modelUserKeepsGuardrails: Rule = {
  id: 'AISec-IAM19',
  name: 'ModelUserKeepsGuardrails',
  title: 'Whoever uses models may not change or remove guardrails',
  severity: 'HIGH',
  controls: ['MI5', 'AA3'],
  threats: ['AML.T0054', 'LLM01', 'LLM06'],
  why: 'A hijacked application loosens the filters first and then asks its question: the guardrail is on, and stops nothing.',
  remedy: 'Give changes of guardrails to the role that deploys, and bedrock:ApplyGuardrail at most to the application.',
  example: "new iam.PolicyStatement({ actions: ['bedrock:InvokeModel', 'bedrock:ApplyGuardrail'], resources: [modelArn, guardrailArn] });",
  source: 'https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-permissions.html',
  types: IDENTITY_POLICY_TYPES,
  check: (policy) =>
    judgeGrants(policy, EDIT_GUARDRAIL, () => not(holderMay(policy, USE_MODEL)), 'may use models and also change or remove guardrails'),
};
