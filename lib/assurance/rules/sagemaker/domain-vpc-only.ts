import type { Rule } from '../rule';

/** `AISec-SM29`. */
export const domainVpcOnly: Rule = {
  id: 'AISec-SM29',
  name: 'DomainVpcOnly',
  title: 'A SageMaker domain has no way to the internet of its own',
  severity: 'HIGH',
  controls: ['RT1'],
  threats: ['AML.CS0018', 'AML.T0025'],
  why: 'Notebooks reach the internet directly: one cell sends the data set out, one package brings a backdoor in.',
  remedy: 'Set AppNetworkAccessType to VpcOnly and give the apps VPC endpoints.',
  example: "new sagemaker.CfnDomain(this, 'Domain', { appNetworkAccessType: 'VpcOnly', authMode: 'SSO', ... });",
  source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/studio-notebooks-and-internet-access.html',
  types: ['AWS::SageMaker::Domain'],
  check: (domain) => domain.requireOneOf('AppNetworkAccessType', ['VpcOnly'], 'notebooks have direct access to the internet'),
};
