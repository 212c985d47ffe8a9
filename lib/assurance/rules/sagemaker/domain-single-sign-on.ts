import type { Rule } from '../rule';

/** `AISec-SM30`. */
export const domainSingleSignOn: Rule = {
  id: 'AISec-SM30',
  name: 'DomainSingleSignOn',
  title: 'People reach a SageMaker domain by single sign-on',
  severity: 'MEDIUM',
  controls: ['AA1'],
  threats: ['AML.T0012'],
  why: 'With IAM mode whoever may make a presigned URL is any user of the domain, without a second factor and without a name in the logs.',
  remedy: 'Set AuthMode to SSO, with IAM Identity Center.',
  example: "new sagemaker.CfnDomain(this, 'Domain', { authMode: 'SSO', appNetworkAccessType: 'VpcOnly', ... });",
  source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/onboard-sso-users.html',
  types: ['AWS::SageMaker::Domain'],
  check: (domain) => domain.requireOneOf('AuthMode', ['SSO'], 'users of the domain are not those of single sign-on'),
};
