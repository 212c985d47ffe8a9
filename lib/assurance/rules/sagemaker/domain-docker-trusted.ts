import { any, hasItems, isOneOf, not } from '../answer';
import { judged } from '../judgement';
import type { Rule } from '../rule';

/** `AISec-SM51`. */
export const domainDockerTrusted: Rule = {
  id: 'AISec-SM51',
  name: 'DomainDockerTrusted',
  title: 'Docker in a domain runs images of named accounts only',
  severity: 'MEDIUM',
  controls: ['RT2', 'SC3'],
  threats: ['AML.T0010.004'],
  why: 'Users run any image next to their data, with the role of the domain.',
  remedy: 'Leave Docker access disabled, or name the accounts in VpcOnlyTrustedAccounts.',
  example: "domainSettings: { dockerSettings: { enableDockerAccess: 'ENABLED', vpcOnlyTrustedAccounts: [this.account] } }",
  source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/studio-updated-local-get-started.html',
  types: ['AWS::SageMaker::Domain'],
  check: (domain) => {
    const enabled = isOneOf('ENABLED')(domain.at('DomainSettings.DockerSettings.EnableDockerAccess'));
    if (enabled === 'NO') return undefined;
    const trusted = hasItems(1)(domain.at('DomainSettings.DockerSettings.VpcOnlyTrustedAccounts'));
    return judged(any([not(enabled), trusted]), 'images of any account run in the domain', 'DomainSettings.DockerSettings');
  },
};
