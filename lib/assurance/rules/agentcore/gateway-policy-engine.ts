import { isPresent } from '../answer';
import { judged } from '../judgement';
import type { Rule } from '../rule';

/** `AISec-AC05`. */
export const gatewayPolicyEngine: Rule = {
  id: 'AISec-AC05',
  name: 'GatewayPolicyEngine',
  title: 'A gateway decides each use of a tool by policies, and enforces what they say',
  severity: 'HIGH',
  controls: ['AA3'],
  threats: ['AML.T0053', 'LLM06'],
  why: 'Without policies whoever may call the gateway, or talks its agent into it, may call each tool with any argument.',
  remedy: 'Set PolicyEngineConfiguration with Mode ENFORCE.',
  example: "policyEngineConfiguration: { arn: engine.attrPolicyEngineArn, mode: 'ENFORCE' }",
  source: 'https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/policy.html',
  types: ['AWS::BedrockAgentCore::Gateway'],
  check: (gateway) => {
    const engine = isPresent(gateway.at('PolicyEngineConfiguration.Arn'));
    if (engine !== 'YES') return judged(engine, 'no policy decides who uses which tool', 'PolicyEngineConfiguration');
    return gateway.requireOneOf('PolicyEngineConfiguration.Mode', ['ENFORCE'], 'what the policies say is only logged');
  },
};
