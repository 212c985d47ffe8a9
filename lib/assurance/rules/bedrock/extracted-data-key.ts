import type { Rule } from '../rule';

const KEY: Readonly<Record<string, string>> = {
  'AWS::Bedrock::DataAutomationProject': 'KmsKeyId',
  'AWS::Bedrock::Blueprint': 'KmsKeyId',
  'AWS::Bedrock::Session': 'EncryptionKeyArn',
};

/** `AISec-BR27`. */
export const extractedDataKey: Rule = {
  id: 'AISec-BR27',
  name: 'ExtractedDataKey',
  title: 'Document automation and stored sessions are encrypted with a key of the owner',
  severity: 'MEDIUM',
  controls: ['DP2b'],
  threats: ['AML.T0035', 'LLM02'],
  why: 'What is read out of invoices, passports and conversations is kept by the service: without a key of the owner its use leaves no trace.',
  remedy: 'Set the key: KmsKeyId on projects and blueprints, EncryptionKeyArn on sessions.',
  example: "new bedrock.CfnDataAutomationProject(this, 'Invoices', { projectName: 'invoices', kmsKeyId: key.keyArn });",
  source: 'https://docs.aws.amazon.com/bedrock/latest/userguide/encryption-bda.html',
  types: Object.keys(KEY),
  check: (subject) => subject.requirePresent(KEY[subject.resource.type], 'has no key of the owner'),
};
