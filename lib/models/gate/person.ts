import { GateError } from './gate-error';

/**
 * Who somebody is, as AWS authenticated them: keys of which one in common means "may be the same person".
 *
 * The session name of an ordinary role is what the caller wrote, so all sessions of a role are one identity; where the name is somebody's
 * all the same, it counts as theirs. For a role of IAM Identity Center the session name is the user's name, which AWS sets: one person,
 * whatever permission set or account they came through.
 */
export interface Person {
  /** The ARN as AWS gave it. */
  readonly arn: string;
  readonly keys: readonly string[];
}

const PARTITION = 'arn:aws[a-z-]*';
const ASSUMED_ROLE = new RegExp(`^${PARTITION}:sts::(\\d{12}):assumed-role/([\\w+=,.@-]{1,64})/([\\w+=,.@-]{2,64})$`);
const ROLE = new RegExp(`^${PARTITION}:iam::(\\d{12}):role/(?:[\\w+=,.@/-]*/)?([\\w+=,.@-]{1,64})$`);
const USER = new RegExp(`^${PARTITION}:iam::(\\d{12}):user/(?:[\\w+=,.@/-]*/)?([\\w+=,.@-]{1,64})$`);
/** Path and prefix that IAM reserves for the roles of IAM Identity Center. */
const IDENTITY_CENTER_ROLE = /^AWSReservedSSO_[\w+=,.@-]+_[0-9a-f]{16}$/;

/**
 * @param arn as the signed request context or SageMaker names the caller, never as a body does
 * @param names further names that AWS recorded for the same person: a Studio user profile, the source identity
 * @throws GateError IDENTITY_UNKNOWN - the account's root user, a federated user or a service: none of them tells a person
 */
export function personOf(arn: string, names: readonly string[] = []): Person {
  const [, account, role, session] = ASSUMED_ROLE.exec(arn) ?? [];
  if (account !== undefined) {
    const isIdentityCenter = IDENTITY_CENTER_ROLE.test(role);
    return person(arn, isIdentityCenter ? [] : [`role:${account}:${role}`], [session, ...names]);
  }
  const [, roleAccount, roleName] = ROLE.exec(arn) ?? [];
  if (roleAccount !== undefined) {
    if (IDENTITY_CENTER_ROLE.test(roleName)) throw unknown(arn);
    return person(arn, [`role:${roleAccount}:${roleName}`], names);
  }
  const [, userAccount, user] = USER.exec(arn) ?? [];
  if (userAccount !== undefined) return person(arn, [`user:${userAccount}:${user}`], [user, ...names]);
  throw unknown(arn);
}

/** Whether two identities may be one person. */
export function maySamePerson(a: Person, b: Person): boolean {
  return a.keys.some((key) => b.keys.includes(key));
}

function person(arn: string, keys: readonly string[], names: readonly string[]): Person {
  // Directories do not tell upper from lower case, and IAM's role and user names are unique without it.
  return { arn, keys: [...new Set([...keys, ...names.map((name) => `name:${name}`)].map((key) => key.toLowerCase()))] };
}

function unknown(arn: string): GateError {
  return new GateError('IDENTITY_UNKNOWN', `${JSON.stringify(arn).slice(0, 200)} does not tell a person: use a role session or an IAM user`);
}
