import type { Rule } from '../rule';

/** `AISec-SM44`. */
export const notebookKey: Rule = {
  id: 'AISec-SM44',
  name: 'NotebookKey',
  title: 'The disk of a notebook instance is encrypted with a key of your own',
  severity: 'HIGH',
  controls: ['DP2b'],
  threats: ['AML.T0025'],
  why: 'Notebooks keep data sets, models and tokens; under a key of AWS no key policy decides who reads the volume.',
  remedy: 'Set KmsKeyId to a key of your own.',
  example: "new sagemaker.CfnNotebookInstance(this, 'Notebook', { kmsKeyId: key.keyArn, ... });",
  source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/encryption-at-rest-nbi.html',
  types: ['AWS::SageMaker::NotebookInstance'],
  check: (notebook) => notebook.requirePresent('KmsKeyId', 'the disk of the notebook is under a key of AWS'),
};
