import { AuthoriseError } from './authorise-error';
import type { KeySet, VerificationKey } from './key-set';
import type { TokenAlgorithm } from './token-algorithm';
import { fitsAlgorithm, isSignature } from './token-algorithm';

/** What a token must say. */
export interface TokenExpectation {
  readonly issuer: string;
  /** Any one of them. */
  readonly audiences: readonly string[];
  readonly algorithms: readonly TokenAlgorithm[];
  /** All of them. */
  readonly scopes: readonly string[];
  /** The claim that names the principal. */
  readonly principalClaim: string;
  /** The longest life from issue to expiry, in seconds. */
  readonly maxLifetime: number;
}

/** Who a token is about. */
export interface VerifiedToken {
  readonly principal: string;
  /** In seconds since 1970. */
  readonly expires: number;
}

/** Clocks differ by so much, in seconds. */
const CLOCK_SKEW = 60;
/** The longest token, in characters: API Gateway takes 10,240 bytes of headers in all. */
export const MAX_TOKEN_CHARACTERS = 8_192;

type Claims = Readonly<Record<string, unknown>>;

/** A token, taken apart but not believed. */
export interface UnverifiedToken {
  readonly header: Claims;
  readonly claims: Claims;
  readonly signed: Uint8Array;
  readonly signature: Uint8Array;
}

/** The key id of a token that is not verified yet: for the decision whether to look for new keys, and for nothing else. */
export function keyIdOf(token: UnverifiedToken): string | undefined {
  const { kid } = token.header;
  return typeof kid === 'string' ? kid : undefined;
}

/**
 * Verifies a signed JSON Web Token whose shape is right already: header, key, signature, then what it says.
 *
 * @param now in seconds since 1970
 * @throws AuthoriseError
 * @see https://www.rfc-editor.org/rfc/rfc8725
 */
export function verifyToken(unverified: UnverifiedToken, keys: KeySet, expected: TokenExpectation, now: number): VerifiedToken {
  const algorithm = allowedAlgorithm(unverified.header, expected);
  const key = keyOf(unverified.header, keys, algorithm);
  if (!isSignature(algorithm, key.key, unverified.signed, unverified.signature)) throw new AuthoriseError('SIGNATURE', 'the signature does not fit');
  return judgeClaims(unverified.claims, expected, now);
}

/**
 * Takes a token apart, once for all that is asked of it.
 *
 * @throws AuthoriseError OVERSIZE, MALFORMED
 */
export function takeApart(token: string): UnverifiedToken {
  if (token.length > MAX_TOKEN_CHARACTERS) throw new AuthoriseError('OVERSIZE', `the token has more than ${MAX_TOKEN_CHARACTERS} characters`);
  const parts = token.split('.');
  if (parts.length !== 3) throw new AuthoriseError('MALFORMED', `the token has ${parts.length} parts, needed are 3`);
  const [header, claims, signature] = parts.map(fromBase64Url);
  return {
    header: toObject(header),
    claims: toObject(claims),
    signed: Buffer.from(`${parts[0]}.${parts[1]}`),
    signature,
  };
}

/** One spelling for each value: a decoder that forgives would let two tokens be one. */
function fromBase64Url(part: string): Buffer {
  const bytes = Buffer.from(part, 'base64url');
  if (part === '' || bytes.toString('base64url') !== part) throw new AuthoriseError('MALFORMED', 'a part of the token is not base64url');
  return bytes;
}

function toObject(bytes: Buffer): Claims {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new AuthoriseError('MALFORMED', 'a part of the token is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new AuthoriseError('MALFORMED', 'a part of the token is no object');
  return value as Claims;
}

/** Header members that tell a verifier to take a key from the token or from elsewhere, or to treat it in ways that nobody here knows. */
const REFUSED_MEMBERS = ['jwk', 'jku', 'x5c', 'x5u', 'crit', 'zip', 'b64', 'enc'];

function allowedAlgorithm(header: Claims, { algorithms }: TokenExpectation): TokenAlgorithm {
  const member = REFUSED_MEMBERS.find((name) => Object.hasOwn(header, name));
  if (member) throw new AuthoriseError('HEADER', `the header has '${member}'`);
  const { alg, typ } = header;
  if (typ !== undefined && !(typeof typ === 'string' && /^(?:application\/)?(?:at\+)?jwt$/i.test(typ))) throw new AuthoriseError('HEADER', 'the header names another type');
  const algorithm = algorithms.find((one) => one === alg);
  if (!algorithm) throw new AuthoriseError('ALGORITHM', `the algorithm is not one of ${algorithms.join(', ')}`);
  return algorithm;
}

/** The key comes from the mirrored set, by its id, and decides with the settings what it is for: the token only chooses among these. */
function keyOf({ kid }: Claims, keys: KeySet, algorithm: TokenAlgorithm): VerificationKey {
  const key = typeof kid === 'string' ? keys.get(kid) : undefined;
  if (!key) throw new AuthoriseError('UNKNOWN_KEY', 'the key is not in the mirrored set');
  if (!fitsAlgorithm(algorithm, key.keyType, key.curve) || (key.algorithm !== undefined && key.algorithm !== algorithm)) {
    throw new AuthoriseError('KEY_MISMATCH', `the key is not for ${algorithm}`);
  }
  return key;
}

function judgeClaims(claims: Claims, expected: TokenExpectation, now: number): VerifiedToken {
  const { iss, aud, exp, nbf, iat } = claims;
  if (iss !== expected.issuer) throw new AuthoriseError('ISSUER', 'the issuer is another one');
  const audiences: unknown[] = Array.isArray(aud) ? aud : [aud];
  if (!audiences.some((one) => typeof one === 'string' && expected.audiences.includes(one))) throw new AuthoriseError('AUDIENCE', 'the token is for somebody else');
  if (!isTime(exp)) throw new AuthoriseError('LIFETIME', 'the token has no end');
  if (now >= exp + CLOCK_SKEW) throw new AuthoriseError('EXPIRED', 'the token has expired');
  if ((nbf !== undefined && !isTime(nbf)) || !isTime(iat)) throw new AuthoriseError('LIFETIME', 'the token does not say since when it holds');
  if (Math.max(iat, (nbf) ?? 0) > now + CLOCK_SKEW) throw new AuthoriseError('NOT_YET_VALID', 'the token does not hold yet');
  if (exp - iat > expected.maxLifetime) throw new AuthoriseError('LIFETIME', `the token lives longer than ${expected.maxLifetime} seconds`);
  const scopes = scopesOf(claims);
  if (expected.scopes.some((scope) => !scopes.includes(scope))) throw new AuthoriseError('SCOPE', 'the token lacks a scope');
  const principal = Object.hasOwn(claims, expected.principalClaim) ? claims[expected.principalClaim] : undefined;
  // It becomes part of logs and of the id of a usage plan's key.
  if (typeof principal !== 'string' || !/^[\x21-\x7e]{1,256}$/.test(principal)) {
    throw new AuthoriseError('PRINCIPAL', `the claim '${expected.principalClaim}' names nobody`);
  }
  return { principal, expires: exp };
}

function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

/** Scopes stand in `scope`, separated by spaces, or in `scp`, as a text or a list. */
function scopesOf({ scope, scp }: Claims): string[] {
  return [scope, scp].flatMap((value) => (typeof value === 'string' ? value.split(' ') : Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []));
}
