import type { Rule } from '../rule';

const MANAGED = 'KnowledgeBaseConfiguration.ManagedKnowledgeBaseConfiguration';

/** `AISec-BR28`. */
export const managedKnowledgeBaseKey: Rule = {
  id: 'AISec-BR28',
  name: 'ManagedKnowledgeBaseKey',
  title: 'A managed knowledge base is encrypted with a key of the owner',
  severity: 'HIGH',
  controls: ['DP2b'],
  threats: ['AML.T0035', 'LLM08'],
  why: 'The service keeps the text and the vectors of all documents: without a key of the owner its use leaves no trace and cannot be stopped.',
  remedy: 'Set ServerSideEncryptionConfiguration.KmsKeyArn of the managed knowledge base.',
  example: 'managedKnowledgeBaseConfiguration: { serverSideEncryptionConfiguration: { kmsKeyArn: key.keyArn } }',
  source: 'https://docs.aws.amazon.com/bedrock/latest/userguide/encryption-kb.html',
  types: ['AWS::Bedrock::KnowledgeBase'],
  check: (base) => {
    if (base.at('KnowledgeBaseConfiguration.Type') !== 'MANAGED' && base.at(MANAGED) === undefined) return undefined;
    return base.requirePresent(`${MANAGED}.ServerSideEncryptionConfiguration.KmsKeyArn`, 'the managed store has no key of the owner');
  },
};
