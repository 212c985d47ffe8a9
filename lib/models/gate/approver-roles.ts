/**
 * Whether somebody acts through a session of a role.
 *
 * @param arn of a session, as AWS names a caller
 * @param roleArn ARN of the role, with its path
 */
export function isSessionOf(arn: string, roleArn: string): boolean {
  const [, account, name] = /^arn:aws[a-z-]*:sts::(\d{12}):assumed-role\/([^/]+)\/[^/]+$/.exec(arn) ?? [];
  const [, roleAccount, roleName] = /^arn:aws[a-z-]*:iam::(\d{12}):role\/(?:.*\/)?([^/]+)$/.exec(roleArn) ?? [];
  return account !== undefined && account === roleAccount && name === roleName;
}
