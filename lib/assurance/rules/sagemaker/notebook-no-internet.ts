import type { Rule } from '../rule';

/** `AISec-SM42`. */
export const notebookNoInternet: Rule = {
  id: 'AISec-SM42',
  name: 'NotebookNoInternet',
  title: 'A notebook instance has no direct access to the internet',
  severity: 'HIGH',
  controls: ['RT1'],
  threats: ['AML.T0025', 'AML.CS0018'],
  why: 'One cell uploads the data set anywhere, past every endpoint policy and flow log.',
  remedy: 'Set DirectInternetAccess to Disabled and SubnetId to an isolated subnet with VPC endpoints.',
  example: "new sagemaker.CfnNotebookInstance(this, 'Notebook', { directInternetAccess: 'Disabled', subnetId, securityGroupIds, ... });",
  source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/appendix-notebook-and-internet-access.html',
  types: ['AWS::SageMaker::NotebookInstance'],
  check: (notebook) => notebook.requireOneOf('DirectInternetAccess', ['Disabled'], 'the notebook reaches the internet past your network'),
};
