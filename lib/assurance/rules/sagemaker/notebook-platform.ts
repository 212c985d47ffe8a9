import type { Rule } from '../rule';

/** `AISec-SM47`. */
export const notebookPlatform: Rule = {
  id: 'AISec-SM47',
  name: 'NotebookPlatform',
  title: 'A notebook instance runs a platform that gets security updates',
  severity: 'MEDIUM',
  controls: ['RT2', 'SC2'],
  threats: ['AML.T0010.001'],
  why: 'The default platform may be one whose support ended: known holes in its system and Jupyter stay open.',
  remedy: 'Set PlatformIdentifier to notebook-al2023-v1.',
  example: "new sagemaker.CfnNotebookInstance(this, 'Notebook', { platformIdentifier: 'notebook-al2023-v1', ... });",
  source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/nbi-al2.html',
  types: ['AWS::SageMaker::NotebookInstance'],
  check: (notebook) =>
    notebook.requireOneOf('PlatformIdentifier', ['notebook-al2-v3', 'notebook-al2023-v1'], 'the platform of the notebook gets no updates'),
};
