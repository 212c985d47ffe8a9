import type { Rule } from '../rule';

/** `AISec-BR03`. */
export const guardrailKey: Rule = {
  id: 'AISec-BR03',
  name: 'GuardrailKey',
  title: 'A guardrail is encrypted with a key of the owner',
  severity: 'MEDIUM',
  controls: ['DP2b', 'DP3'],
  threats: ['LLM07'],
  why: 'The words, topics and patterns of a guardrail say what it does not know: whoever reads them writes the prompt that passes.',
  remedy: 'Set KmsKeyArn to the ARN of a key of the account.',
  example: "new bedrock.CfnGuardrail(this, 'Guardrail', { name: 'support', kmsKeyArn: key.keyArn, blockedInputMessaging: 'no', blockedOutputsMessaging: 'no' });",
  source: 'https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails-permissions-kms.html',
  types: ['AWS::Bedrock::Guardrail'],
  check: (guardrail) => guardrail.requirePresent('KmsKeyArn', 'the guardrail has no key of the owner'),
};
