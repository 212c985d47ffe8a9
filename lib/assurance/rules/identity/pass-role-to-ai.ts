import { any, not } from '../answer';
import { IDENTITY_POLICY_TYPES, deniedUnless, holderMay, judgeGrants } from '../grant';
import type { Rule } from '../rule';
import { demandsLike } from '../statement-match';
import { RUN_WITH_ROLE } from './ai-actions';

const PASS = ['iam:PassRole'];

/** `AISec-IAM03`. */
export const passRoleToAi: Rule = {
  id: 'AISec-IAM03',
  name: 'PassRoleToAi',
  title: 'Whoever starts AI workloads passes roles to the services of these workloads only',
  severity: 'HIGH',
  controls: ['AA3', 'P1'],
  threats: ['AML.T0012', 'LLM06'],
  why: 'A role that may start jobs and pass roles to any service becomes that role: it passes it to a function, a notebook or a job of its own.',
  remedy: 'Demand iam:PassedToService with the services that are meant.',
  example:
    "new iam.PolicyStatement({ actions: ['iam:PassRole'], resources: [trainingRole.roleArn], conditions: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } } });",
  source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html',
  types: IDENTITY_POLICY_TYPES,
  check: (policy) => {
    if (holderMay(policy, RUN_WITH_ROLE) === 'NO') return undefined;
    return judgeGrants(
      policy,
      PASS,
      (statement) =>
        any([
          demandsLike(statement, /^iam:passedtoservice$/),
          deniedUnless(policy, statement, PASS, 'iam:PassedToService'),
          not(holderMay(policy, RUN_WITH_ROLE)),
        ]),
      'may pass a role to any service',
    );
  },
};
