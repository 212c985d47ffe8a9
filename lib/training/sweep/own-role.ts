/** Whether a role is one of those listed: by its ARN, or by a path that only they have. */
export function isOwnRole(roleArn: string, roles: readonly string[]): boolean {
  return roles.some((own) => (own.endsWith('/') ? roleArn.startsWith(own) : roleArn === own));
}
