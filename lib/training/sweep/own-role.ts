import type { SweptEnvironment } from './job';

/** Whether a role is one of the environment with a tag: by its path, which only deployments give to roles. */
export function isRoleOf(tag: string, roleArn: string, { rolesUnder }: SweptEnvironment): boolean {
  return roleArn.startsWith(`${rolesUnder}${tag}/`);
}
