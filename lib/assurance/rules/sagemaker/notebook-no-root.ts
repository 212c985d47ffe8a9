import type { Rule } from '../rule';

/** `AISec-SM43`. */
export const notebookNoRoot: Rule = {
  id: 'AISec-SM43',
  name: 'NotebookNoRoot',
  title: 'Users of a notebook instance are not root',
  severity: 'HIGH',
  controls: ['RT2'],
  threats: ['AML.T0012', 'AML.T0105'],
  why: 'Root switches off what the lifecycle script set up, reads the credentials of the host and stays after the session.',
  remedy: 'Set RootAccess to Disabled; lifecycle scripts still run as root.',
  example: "new sagemaker.CfnNotebookInstance(this, 'Notebook', { rootAccess: 'Disabled', ... });",
  source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/nbi-root-access.html',
  types: ['AWS::SageMaker::NotebookInstance'],
  check: (notebook) => notebook.requireOneOf('RootAccess', ['Disabled'], 'users of the notebook are root'),
};
