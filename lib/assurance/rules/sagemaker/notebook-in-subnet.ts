import type { Rule } from '../rule';

/** `AISec-SM46`. */
export const notebookInSubnet: Rule = {
  id: 'AISec-SM46',
  name: 'NotebookInSubnet',
  title: 'A notebook instance runs in a subnet and security group of your own',
  severity: 'HIGH',
  controls: ['RT1'],
  threats: ['AML.T0025'],
  why: 'Outside of a VPC the notebook has an open network that no security group, flow log or endpoint policy bounds.',
  remedy: 'Set SubnetId and SecurityGroupIds.',
  example: "new sagemaker.CfnNotebookInstance(this, 'Notebook', { subnetId, securityGroupIds: [group.securityGroupId], ... });",
  source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/appendix-notebook-and-internet-access.html',
  types: ['AWS::SageMaker::NotebookInstance'],
  check: (notebook) => notebook.requirePresent('SubnetId', 'the notebook runs outside of your VPC'),
};
