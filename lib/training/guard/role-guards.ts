import { ROLE_CHANGES } from '../../core/role-changes';
import { TRAINING_GUARD as SID } from './guard-sids';
import type { GuardStatement } from './guard-statements';
import { EXECUTION_ROLES, LAUNCHER_ROLES, TRAINING_POLICIES } from './role-paths';

/** What changes of roles and policies must not reach. */
export const TRAINING_IDENTITIES = [EXECUTION_ROLES, LAUNCHER_ROLES, TRAINING_POLICIES];

/**
 * What keeps roles from being passed on: to other services than SageMaker by nobody but exempt roles, and to SageMaker
 * none but the execution roles of environments, which only exempt roles make and change, as they alone change the policies of those roles.
 */
export function roleGuards(exemptRoleArns: readonly string[]): GuardStatement[] {
  const others: Record<string, Record<string, unknown>> = exemptRoleArns.length > 0 ? { ArnNotLike: { 'aws:PrincipalArn': [...exemptRoleArns] } } : {};
  return [
    {
      Sid: SID.PASS_TO_OTHERS,
      Effect: 'Deny',
      Action: ['iam:PassRole'],
      Resource: '*',
      Condition: { StringNotEqualsIfExists: { 'iam:PassedToService': 'sagemaker.amazonaws.com' }, ...others },
    },
    {
      Sid: SID.PASS_OTHER_ROLES,
      Effect: 'Deny',
      Action: ['iam:PassRole'],
      NotResource: EXECUTION_ROLES,
      Condition: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' }, ...others },
    },
    {
      Sid: SID.ROLE_PATHS,
      Effect: 'Deny',
      Action: ROLE_CHANGES,
      Resource: TRAINING_IDENTITIES,
      ...(exemptRoleArns.length > 0 ? { Condition: others } : {}),
    },
  ];
}
