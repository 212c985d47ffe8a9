import type { Rule } from '../rule';

/** `AISec-AC12`. */
export const policyEngineKey: Rule = {
  id: 'AISec-AC12',
  name: 'PolicyEngineKey',
  title: 'The policies for tools are encrypted with a key of the owner',
  severity: 'LOW',
  controls: ['DP2b'],
  threats: ['AML.T0084'],
  why: 'The policies say who may do what with which tool: they are the map for whoever looks for the gap.',
  remedy: 'Set EncryptionKeyArn on the policy engine.',
  example: "new agentcore.CfnPolicyEngine(this, 'Engine', { name: 'tools', encryptionKeyArn: key.keyArn });",
  source: 'https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/policy.html',
  types: ['AWS::BedrockAgentCore::PolicyEngine'],
  check: (engine) => engine.requirePresent('EncryptionKeyArn', 'the policy engine has no key of the owner'),
};
