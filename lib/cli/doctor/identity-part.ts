import type { AwsCaller, AwsIdentity } from '../aws-api';
import { NoAccount } from '../aws-api';
import { observation, type Observation } from './observation';

const SHORT_MINUTES = 30;

/** Who would deploy. */
export interface Caller {
  readonly account: string;
  readonly arn: string;
}

/** Asks who the session is. @throws {@link NoAccount} where AWS does not know it */
export async function whoAmI(aws: AwsCaller, region: string): Promise<Caller> {
  const answer = await aws.call({ service: 'sts', region, action: 'sts:GetCallerIdentity', query: { Action: 'GetCallerIdentity', Version: '2011-06-15' } });
  const [account, arn] = ['Account', 'Arn'].map((name) => new RegExp(`<${name}>([^<]+)</${name}>`).exec(answer.text)?.[1]);
  if (!answer.ok || account === undefined || arn === undefined) {
    throw new NoAccount(`AWS does not accept the credentials (${answer.error || `status ${answer.status}`})`);
  }
  return { account, arn };
}

/** What there is to say about a session. */
export function identityPart({ account, arn }: Caller, { expiration, sessionToken }: AwsIdentity, now: Date): Observation[] {
  const isRoot = /^arn:[^:]+:iam::\d+:root$/.test(arn);
  return [
    observation('identity', 'OK', `${arn} in the account ${account}`),
    ...(isRoot ? [observation('identity.root', 'FAIL', 'the session is the root user of the account', 'sign in with a role that may deploy; root is for what nobody else can do')] : []),
    ...(sessionToken === undefined && !isRoot ? [observation('identity.longLived', 'WARN', 'the key of this session does not expire', 'take a session of IAM Identity Center or of a role')] : []),
    ...expiryOf(expiration, now),
  ];
}

function expiryOf(expiration: Date | undefined, now: Date): Observation[] {
  if (expiration === undefined) return [];
  const minutes = Math.floor((expiration.getTime() - now.getTime()) / 60_000);
  if (minutes < 0) return [observation('identity.expiry', 'FAIL', `the session ended at ${expiration.toISOString()}`, 'sign in again')];
  const advice = minutes < SHORT_MINUTES ? 'sign in again: a deployment can take longer' : undefined;
  return [observation('identity.expiry', minutes < SHORT_MINUTES ? 'WARN' : 'OK', `the session ends in ${minutes} minutes`, advice)];
}
