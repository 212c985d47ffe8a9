import type { Rule } from '../rule';

const KEY: Readonly<Record<string, string>> = {
  'AWS::Bedrock::Agent': 'CustomerEncryptionKeyArn',
  'AWS::Bedrock::Flow': 'CustomerEncryptionKeyArn',
  'AWS::Bedrock::Prompt': 'CustomerEncryptionKeyArn',
  'AWS::Bedrock::AutomatedReasoningPolicy': 'KmsKeyId',
};

/** `AISec-BR11`. */
export const agentKey: Rule = {
  id: 'AISec-BR11',
  name: 'AgentKey',
  title: 'Agents, flows, prompts and reasoning policies are encrypted with a key of the owner',
  severity: 'HIGH',
  controls: ['DP2b', 'DP3'],
  threats: ['AML.T0056', 'LLM07'],
  why: 'Instructions and prompts hold how the business decides: without a key of the owner nobody can see or stop who reads them.',
  remedy: 'Set CustomerEncryptionKeyArn (KmsKeyId on a reasoning policy).',
  example: "new bedrock.CfnAgent(this, 'Agent', { agentName: 'support', customerEncryptionKeyArn: key.keyArn });",
  source: 'https://docs.aws.amazon.com/bedrock/latest/userguide/encryption-agents-new.html',
  types: Object.keys(KEY),
  check: (subject) => subject.requirePresent(KEY[subject.resource.type], 'has no key of the owner'),
};
