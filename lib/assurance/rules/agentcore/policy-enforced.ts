import { isOneOf, not } from '../answer';
import { judged } from '../judgement';
import type { Rule } from '../rule';

/** `AISec-AC13`. */
export const policyEnforced: Rule = {
  id: 'AISec-AC13',
  name: 'PolicyEnforced',
  title: 'A policy for tools is enforced and was checked against the schema of the tools',
  severity: 'HIGH',
  controls: ['AA3'],
  threats: ['AML.T0053', 'LLM06'],
  why: 'A policy that only logs, or that names a tool which does not exist, forbids nothing.',
  remedy: 'Leave EnforcementMode at ACTIVE and ValidationMode at FAIL_ON_ANY_FINDINGS.',
  example: "new agentcore.CfnPolicy(this, 'Read', { name: 'read', policyEngineId, definition, validationMode: 'FAIL_ON_ANY_FINDINGS' });",
  source: 'https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/policy.html',
  types: ['AWS::BedrockAgentCore::Policy'],
  check: (policy) => [
    judged(not(isOneOf('LOG_ONLY')(policy.at('EnforcementMode'))), 'the policy is only logged', 'EnforcementMode'),
    judged(not(isOneOf('IGNORE_ALL_FINDINGS')(policy.at('ValidationMode'))), 'the policy was not checked against the tools', 'ValidationMode'),
  ],
};
