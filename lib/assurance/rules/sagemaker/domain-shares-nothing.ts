import { isOneOf, not } from '../answer';
import type { Rule } from '../rule';

/** `AISec-SM31`. */
export const domainSharesNothing: Rule = {
  id: 'AISec-SM31',
  name: 'DomainSharesNothing',
  title: 'A domain shares no notebook output, and its calls carry the name of the user',
  severity: 'MEDIUM',
  controls: ['AA3', 'OB1'],
  threats: ['AML.T0025'],
  why: 'Shared snapshots put query results into one bucket for all; without the user in the session nobody can say who read the data.',
  remedy: 'Leave NotebookOutputOption at Disabled and set ExecutionRoleIdentityConfig to USER_PROFILE_NAME.',
  example: "new sagemaker.CfnDomain(this, 'Domain', { domainSettings: { executionRoleIdentityConfig: 'USER_PROFILE_NAME' }, ... });",
  source: 'https://docs.aws.amazon.com/sagemaker/latest/dg/monitor-user-access.html',
  types: ['AWS::SageMaker::Domain', 'AWS::SageMaker::UserProfile'],
  check: (subject) => {
    const isDomain = subject.resource.type === 'AWS::SageMaker::Domain';
    const path = `${isDomain ? 'DefaultUserSettings' : 'UserSettings'}.SharingSettings.NotebookOutputOption`;
    const shared = subject.require(path, (value) => not(isOneOf('Allowed')(value)), 'output of notebooks is shared with everybody');
    if (!isDomain) return shared;
    const identity = 'DomainSettings.ExecutionRoleIdentityConfig';
    return [shared, subject.requireOneOf(identity, ['USER_PROFILE_NAME'], 'calls of notebooks do not carry the name of the user')];
  },
};
