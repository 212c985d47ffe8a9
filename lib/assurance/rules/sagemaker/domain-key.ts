import type { Rule } from '../rule';

/** `AISec-SM50`. */
export const domainKey: Rule = {
  id: 'AISec-SM50',
  name: 'DomainKey',
  title: 'The home directories of a domain are encrypted with a key of your own',
  severity: 'HIGH',
  controls: ['DP2b'],
  threats: ['AML.T0025'],
  why: 'Notebooks, data extracts and tokens of every user lie on one file system under a key of AWS.',
  remedy: 'Set KmsKeyId to a key of your own.',
  example: "new sagemaker.CfnDomain(this, 'Domain', { kmsKeyId: key.keyArn, ... });",
  source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/encryption-at-rest-studio.html',
  types: ['AWS::SageMaker::Domain'],
  check: (domain) => domain.requirePresent('KmsKeyId', 'the file system of the domain is under a key of AWS'),
};
