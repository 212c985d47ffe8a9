import type { Rule } from '../rule';

const LONGEST = 90;

/** `AISec-AC09`. */
export const memoryLimit: Rule = {
  id: 'AISec-AC09',
  name: 'MemoryLimit',
  title: 'The memory of an agent is encrypted with a key of the owner and forgets within ninety days',
  severity: 'HIGH',
  controls: ['DP6', 'DP2b'],
  threats: ['AML.T0080.000', 'AML.CS0040', 'LLM02', 'LLM08'],
  why: 'Conversations are kept there: a planted memory steers later sessions, and what is never deleted is one day read.',
  remedy: 'Set EncryptionKeyArn and an EventExpiryDuration of ninety days or less.',
  example: "new agentcore.CfnMemory(this, 'Memory', { name: 'support', eventExpiryDuration: 30, encryptionKeyArn: key.keyArn });",
  source: 'https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/storage-encryption.html',
  types: ['AWS::BedrockAgentCore::Memory'],
  check: (memory) => [
    memory.requirePresent('EncryptionKeyArn', 'the memory has no key of the owner'),
    memory.requireAtMost('EventExpiryDuration', LONGEST, 'events are kept for more than ninety days'),
  ],
};
