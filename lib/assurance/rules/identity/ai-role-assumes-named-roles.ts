import type { Rule } from '../rule';
import { BREADTH_TYPES, judgeBreadth } from './breadth-rule';

/** `AISec-IAM17`. */
export const aiRoleAssumesNamedRoles: Rule = {
  id: 'AISec-IAM17',
  name: 'AiRoleAssumesNamedRoles',
  title: 'Notebooks, jobs, endpoints and agents take on named roles only',
  severity: 'HIGH',
  controls: ['AA3', 'P1'],
  threats: ['AML.T0012', 'LLM06'],
  why: 'The workload walks on to whatever role trusts the account, also in other accounts.',
  remedy: 'Name the roles in Resource.',
  example: "new iam.PolicyStatement({ actions: ['sts:AssumeRole'], resources: [readerRole.roleArn] });",
  source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_permissions-to-switch.html',
  types: BREADTH_TYPES,
  check: (policy) =>
    judgeBreadth(policy, {
      actions: ['sts:AssumeRole'],
      wide: /^\*+$|^arn:[^:]*:(iam|sts|\*)::[^:]*:(role\/)?\*+$/,
      narrowing: /^(aws|iam):resourcetag\//,
      message: 'the role of an AI service may assume every role',
    }),
};
