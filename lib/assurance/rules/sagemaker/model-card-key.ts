import type { Rule } from '../rule';

/** `AISec-SM37a`. */
export const modelCardKey: Rule = {
  id: 'AISec-SM37a',
  name: 'ModelCardKey',
  title: 'A model card is encrypted with a key of your own',
  severity: 'MEDIUM',
  controls: ['DP2b', 'PG4'],
  threats: ['AML.T0007'],
  why: 'Cards tell how a model was trained and where it fails: what an attacker looks for.',
  remedy: 'Set SecurityConfig.KmsKeyId to a key of your own.',
  example: "new sagemaker.CfnModelCard(this, 'Card', { securityConfig: { kmsKeyId: key.keyArn }, ... });",
  source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/model-cards-key-management.html',
  types: ['AWS::SageMaker::ModelCard'],
  check: (card) => card.requirePresent('SecurityConfig.KmsKeyId', 'the card is under a key of AWS'),
};
