/** What gives a role to somebody, somebody to a role, or other statements to a policy. */
export const ROLE_CHANGES = [
  'AttachRolePolicy', 'CreatePolicyVersion', 'CreateRole', 'DeletePolicy', 'DeletePolicyVersion',
  'DeleteRolePermissionsBoundary', 'DetachRolePolicy', 'PutRolePermissionsBoundary', 'PutRolePolicy', 'SetDefaultPolicyVersion',
  'UpdateAssumeRolePolicy',
].map((name) => `iam:${name}`);
