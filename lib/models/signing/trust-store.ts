import type { KeyObject } from 'node:crypto';
import { keyHint, publicKeyPem, readPublicKey } from './elliptic-key';
import { JsonShape } from './json-shape';
import { quoted, shownTime, SigningError } from './signing-error';
import { parseStrictJson } from './strict-json';

const SCHEMA = 'cdk-secure-ai/trust-store/v1';

/** One public key with its history. Times are UTC. */
export interface TrustedKey {
  readonly hint: string;
  readonly publicKey: KeyObject;
  readonly validFrom: Date;

  /** From here on nothing signed by the key is accepted. @default - no end */
  readonly validUntil?: Date;

  /** When a newer key took over. Signatures made before stay verifiable. @default - still in use */
  readonly retired?: Date;

  /** @default - not revoked */
  readonly revoked?: { readonly at: Date; readonly reason: string };
}

/**
 * The public keys that a verifier trusts, found by hint. Keys are added, retired and revoked, and never taken out.
 *
 * A bundle carries no time that its key could not forge. So a retired key verifies everything that it signed, and a
 * revoked key nothing, also not what carries an earlier date. Instances do not change; each operation returns a new one.
 */
export class TrustStore {
  public static readonly EMPTY = new TrustStore(new Map());

  /** @throws SigningError TRUST_STORE_INVALID - with the failed check in the message */
  public static parse(document: Uint8Array): TrustStore {
    try {
      const shape = JsonShape.of(parseStrictJson(document), 'trust store').only('schema', 'keys');
      if (shape.string('schema') !== SCHEMA) throw new SigningError('FIELD_INVALID', `schema must be ${SCHEMA}`);
      const keys = shape.object('keys');
      return new TrustStore(new Map(keys.keys().map((hint) => [hint, readKey(hint, keys.object(hint))])));
    } catch (cause) {
      if (!(cause instanceof SigningError)) throw cause;
      throw new SigningError('TRUST_STORE_INVALID', `trust store is not valid: ${cause.message}`, { cause });
    }
  }

  private constructor(private readonly keys: ReadonlyMap<string, TrustedKey>) {}

  /** All keys, the earliest first. */
  public get history(): TrustedKey[] {
    return [...this.keys.values()].sort((a, b) => a.validFrom.getTime() - b.validFrom.getTime());
  }

  /** Keys that may sign now: valid, not retired, not revoked. */
  public signingKeys(now: Date): TrustedKey[] {
    return this.history.filter((key) => !key.retired && !key.revoked && isWithinValidity(key, now));
  }

  /**
   * The key for verifying a bundle that names it by hint.
   *
   * @throws SigningError KEY_NOT_TRUSTED, KEY_REVOKED or KEY_OUTSIDE_VALIDITY
   */
  public keyFor(hint: string, now: Date): KeyObject {
    const key = this.keys.get(hint);
    if (!key) throw new SigningError('KEY_NOT_TRUSTED', `no trusted key has the hint ${quoted(hint)}`);
    if (key.revoked) {
      throw new SigningError('KEY_REVOKED', `key ${hint} was revoked on ${key.revoked.at.toISOString()}: ${quoted(key.revoked.reason)}`);
    }
    if (!isWithinValidity(key, now)) {
      throw new SigningError('KEY_OUTSIDE_VALIDITY', `key ${hint} is not accepted at ${shownTime(now)}`);
    }
    return key.publicKey;
  }

  /** Adds a key. @throws SigningError KEY_INVALID or TRUST_STORE_INVALID - the key is there already, perhaps revoked */
  public add(publicKey: string, validFrom: Date, validUntil?: Date): TrustStore {
    const key = readPublicKey(publicKey);
    const hint = keyHint(key);
    if (this.keys.has(hint)) throw new SigningError('TRUST_STORE_INVALID', `key ${hint} is in the trust store already`);
    return this.with({ hint, publicKey: key, validFrom, validUntil });
  }

  /** Adds a key and retires all others that are in use. */
  public rotate(publicKey: string, now: Date): TrustStore {
    const retired = new Map([...this.keys].map(([hint, key]) => [hint, { ...key, retired: key.retired ?? now }]));
    return new TrustStore(retired).add(publicKey, now);
  }

  /** @throws SigningError KEY_NOT_TRUSTED - no such key; a revocation that hits nothing must not pass for one */
  public revoke(hint: string, at: Date, reason: string): TrustStore {
    const key = this.keys.get(hint);
    if (!key) throw new SigningError('KEY_NOT_TRUSTED', `no trusted key has the hint ${quoted(hint)}`);
    return this.with({ ...key, revoked: key.revoked ?? { at, reason } });
  }

  /** The document that `parse` reads. */
  public toBytes(): Buffer {
    const keys = this.history.map(({ hint, publicKey, validFrom, validUntil, retired, revoked }) => [hint, {
      publicKey: publicKeyPem(publicKey),
      validFrom: validFrom.toISOString(),
      validUntil: validUntil?.toISOString(),
      retired: retired?.toISOString(),
      revoked: revoked && { at: revoked.at.toISOString(), reason: revoked.reason },
    }]);
    return Buffer.from(`${JSON.stringify({ schema: SCHEMA, keys: Object.fromEntries(keys) as unknown }, undefined, 2)}\n`);
  }

  private with(key: TrustedKey): TrustStore {
    return new TrustStore(new Map(this.keys).set(key.hint, key));
  }
}

function isWithinValidity(key: TrustedKey, now: Date): boolean {
  return now.getTime() >= key.validFrom.getTime() && !(key.validUntil && now.getTime() >= key.validUntil.getTime());
}

function readKey(hint: string, shape: JsonShape): TrustedKey {
  shape.only('publicKey', 'validFrom', 'validUntil', 'retired', 'revoked');
  const publicKey = readPublicKey(shape.string('publicKey'));
  if (keyHint(publicKey) !== hint) throw new SigningError('FIELD_INVALID', `key under the hint ${quoted(hint)} has another hint`);
  const revoked = shape.has('revoked') ? shape.object('revoked').only('at', 'reason') : undefined;
  return {
    hint,
    publicKey,
    validFrom: readTime(shape, 'validFrom'),
    validUntil: shape.has('validUntil') ? readTime(shape, 'validUntil') : undefined,
    retired: shape.has('retired') ? readTime(shape, 'retired') : undefined,
    revoked: revoked && { at: readTime(revoked, 'at'), reason: revoked.string('reason') },
  };
}

function readTime(shape: JsonShape, name: string): Date {
  const text = shape.string(name);
  const time = new Date(text);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/.test(text) || Number.isNaN(time.getTime())) {
    throw new SigningError('FIELD_INVALID', `${name} is ${quoted(text)}; give UTC as 2026-01-31T00:00:00Z`);
  }
  return time;
}
