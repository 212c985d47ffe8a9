import { AuthoriseError } from './authorise-error';
import type { MirroredKeys } from './mirrored-keys';
import { isTokenAlgorithm, TOKEN_ALGORITHMS } from './token-algorithm';
import { usageIdentifier } from './usage-identifier';
import type { TokenExpectation } from './verify-token';
import { keyIdOf, MAX_TOKEN_CHARACTERS, takeApart, verifyToken } from './verify-token';

/** What the construct tells the authoriser. */
export interface AuthoriseSettings extends TokenExpectation {
  /** The ids of usage keys begin with it, so that two gateways of an account do not share counters. */
  readonly usagePrefix: string;
}

/** What an authoriser of a REST API answers. */
export interface AuthoriserAnswer {
  readonly principalId: string;
  readonly policyDocument: {
    readonly Version: '2012-10-17';
    readonly Statement: readonly [{ readonly Action: 'execute-api:Invoke'; readonly Effect: 'Allow'; readonly Resource: string }];
  };
  readonly usageIdentifierKey: string;
}

/**
 * Reads the settings, which the construct wrote as JSON.
 *
 * @throws Error for settings that would let anybody in
 */
export function toAuthoriseSettings(text: string): AuthoriseSettings {
  const { issuer, audiences, algorithms, scopes, principalClaim, maxLifetime, usagePrefix } = JSON.parse(text) as Record<string, unknown>;
  if (typeof issuer !== 'string' || !issuer.startsWith('https://')) throw new Error('issuer must be an https URL');
  if (!isTexts(audiences) || audiences.length === 0) throw new Error('audiences must name at least one');
  if (!isTexts(algorithms) || algorithms.length === 0 || !algorithms.every(isTokenAlgorithm)) throw new Error(`algorithms must be some of ${TOKEN_ALGORITHMS.join(', ')}`);
  if (!isTexts(scopes)) throw new Error('scopes must be a list of texts');
  if (typeof principalClaim !== 'string' || principalClaim === '') throw new Error('principalClaim is missing');
  if (!Number.isInteger(maxLifetime) || (maxLifetime as number) < 1) throw new Error('maxLifetime must be whole seconds');
  if (typeof usagePrefix !== 'string' || usagePrefix === '') throw new Error('usagePrefix is missing');
  return { issuer, audiences, algorithms, scopes, principalClaim, maxLifetime: maxLifetime as number, usagePrefix };
}

/**
 * Judges one request by its token, and lets it do exactly what it asks for.
 *
 * @param now in seconds since 1970
 * @throws AuthoriseError
 */
export async function authoriseRequest(
  event: unknown,
  settings: AuthoriseSettings,
  keys: MirroredKeys,
  now: number,
): Promise<AuthoriserAnswer> {
  const { authorizationToken, methodArn, type } = (typeof event === 'object' && event !== null ? event : {}) as Record<string, unknown>;
  if (type !== 'TOKEN' || typeof methodArn !== 'string' || !isMethodArn(methodArn)) throw new AuthoriseError('MALFORMED', 'the event is no request of an authoriser');
  const token = takeApart(bearerOf(authorizationToken));
  const { principal } = verifyToken(token, await keys.forKey(keyIdOf(token)), settings, now);
  return {
    principalId: principal,
    policyDocument: { Version: '2012-10-17', Statement: [{ Action: 'execute-api:Invoke', Effect: 'Allow', Resource: methodArn }] },
    usageIdentifierKey: usageIdentifier(settings.usagePrefix, principal),
  };
}

/** The policy is for one method: an ARN with a wildcard would be for more. */
function isMethodArn(value: string): boolean {
  return /^arn:[a-z-]+:execute-api:[a-z0-9-]+:\d{12}:[a-z0-9]+\/[\w-]+\/[A-Z]+\/[\w./-]*$/.test(value);
}

function bearerOf(value: unknown): string {
  if (typeof value !== 'string') throw new AuthoriseError('MALFORMED', 'there is no token');
  if (value.length > MAX_TOKEN_CHARACTERS + 'Bearer '.length) throw new AuthoriseError('OVERSIZE', `the token has more than ${MAX_TOKEN_CHARACTERS} characters`);
  const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(value)?.[1];
  if (token === undefined) throw new AuthoriseError('MALFORMED', 'the header is not a bearer token');
  return token;
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string' && one !== '');
}
