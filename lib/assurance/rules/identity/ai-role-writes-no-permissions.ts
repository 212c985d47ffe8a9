import { AiWorkload } from '../ai-workload';
import { IDENTITY_POLICY_TYPES, judgeGrants } from '../grant';
import type { Rule } from '../rule';
import { demandsLike } from '../statement-match';
import { WRITE_PERMISSIONS } from './ai-actions';

/** `AISec-IAM11`. */
export const aiRoleWritesNoPermissions: Rule = {
  id: 'AISec-IAM11',
  name: 'AiRoleWritesNoPermissions',
  title: 'No notebook, job, endpoint or agent may change permissions',
  severity: 'CRITICAL',
  controls: ['P1', 'AA3'],
  threats: ['AML.T0012', 'AML.T0053', 'LLM06'],
  why: 'Code in the workload attaches an administrator policy to its own role, and the account is taken.',
  remedy: 'Take the IAM actions out of the role; where roles must be made, demand iam:PermissionsBoundary.',
  example: "new iam.PolicyStatement({ actions: ['s3:GetObject'], resources: [bucket.arnForObjects('train/*')] }); // and no iam: action that writes",
  source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html',
  types: IDENTITY_POLICY_TYPES,
  check: (policy) => {
    const { app, resource } = policy;
    if (!app.holdersOf(resource).some((holder) => AiWorkload.of(app).isRole(holder))) return undefined;
    return judgeGrants(
      policy,
      WRITE_PERMISSIONS,
      (statement) => demandsLike(statement, /^iam:(permissionsboundary|policyarn)$/),
      'the role of an AI service may give itself permissions',
    );
  },
};
