import { createPublicKey, type KeyObject } from 'node:crypto';
import { AuthoriseError } from './authorise-error';
import type { TokenAlgorithm } from './token-algorithm';
import { isTokenAlgorithm } from './token-algorithm';

/** A public key of a provider. */
export interface VerificationKey {
  readonly id: string;
  readonly keyType: 'RSA' | 'EC';
  readonly curve?: string;
  /** The one algorithm that it is for, where the provider says so. */
  readonly algorithm?: TokenAlgorithm;
  readonly key: KeyObject;
}

/** The keys of a provider, by id. */
export type KeySet = ReadonlyMap<string, VerificationKey>;

/** The largest set, in bytes: providers publish two to ten keys. */
export const MAX_KEY_SET_BYTES = 65_536;
const MAX_KEYS = 50;
const MIN_RSA_BITS = 2048;
/** Members that only a private or a shared key has: whoever mirrored such a set has given the secret away. */
const SECRET_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/**
 * Reads a JSON Web Key Set. Keys of other kinds or uses are left out; a set with a secret in it, or with an id twice, is refused whole.
 *
 * @throws AuthoriseError KEY_SET
 * @see https://www.rfc-editor.org/rfc/rfc7517
 */
export function toKeySet(text: string): KeySet {
  if (text.length > MAX_KEY_SET_BYTES) throw broken(`is larger than ${MAX_KEY_SET_BYTES} bytes`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw broken('is not JSON');
  }
  const keys = typeof parsed === 'object' && parsed !== null ? (parsed as { keys?: unknown }).keys : undefined;
  if (!Array.isArray(keys) || keys.length === 0 || keys.length > MAX_KEYS) throw broken(`must have a list of 1 to ${MAX_KEYS} keys`);
  const set = new Map<string, VerificationKey>();
  for (const [index, jwk] of (keys as unknown[]).entries()) {
    if (typeof jwk !== 'object' || jwk === null) throw broken(`has no object at keys[${index}]`);
    if (SECRET_MEMBERS.some((member) => Object.hasOwn(jwk, member))) throw broken(`has a secret at keys[${index}]: publish public keys only, and replace this one`);
    const key = toKey(jwk as Record<string, unknown>);
    if (!key) continue;
    if (set.has(key.id)) throw broken(`names the key of keys[${index}] twice`);
    set.set(key.id, key);
  }
  if (set.size === 0) throw broken('has no key for signatures');
  return set;
}

function toKey(jwk: Record<string, unknown>): VerificationKey | undefined {
  const { kid, kty, use, alg, crv, key_ops: operations } = jwk;
  if (typeof kid !== 'string' || kid === '' || kid.length > 256 || (kty !== 'RSA' && kty !== 'EC')) return undefined;
  if (use !== undefined && use !== 'sig') return undefined;
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes('verify'))) return undefined;
  if (alg !== undefined && !isTokenAlgorithm(alg)) return undefined;
  let key: KeyObject;
  try {
    key = createPublicKey({ key: jwk as never, format: 'jwk' });
  } catch {
    return undefined;
  }
  if (kty === 'RSA' && (key.asymmetricKeyDetails?.modulusLength ?? 0) < MIN_RSA_BITS) return undefined;
  return { id: kid, keyType: kty, key, ...(typeof crv === 'string' ? { curve: crv } : {}), ...(alg === undefined ? {} : { algorithm: alg }) };
}

function broken(problem: string): AuthoriseError {
  return new AuthoriseError('KEY_SET', `the mirrored key set ${problem}`);
}
