import { createHmac, createSign, generateKeyPairSync, sign as signBytes, constants, type KeyObject } from 'node:crypto';
import type { TokenExpectation } from '../../../lib/inference/authorise/verify-token';

export const NOW = 1_790_000_000;
export const RSA = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const EC = generateKeyPairSync('ec', { namedCurve: 'P-256' });
export const STRANGER = generateKeyPairSync('rsa', { modulusLength: 2048 });

export const EXPECTED: TokenExpectation = {
  issuer: 'https://issuer.example.com', audiences: ['inference'], algorithms: ['RS256', 'ES256'], scopes: ['models.ask'], principalClaim: 'sub', maxLifetime: 86_400,
};

export const CLAIMS = {
  iss: 'https://issuer.example.com', aud: 'inference', sub: 'alice', scope: 'openid models.ask', iat: NOW - 60, exp: NOW + 600,
};

export const jwk = (key: KeyObject, kid: string, more: object = {}): Record<string, unknown> => ({ ...key.export({ format: 'jwk' }), kid, use: 'sig', ...more });
export const keySetText = (...keys: object[]) => JSON.stringify({ keys });
export const KEYS_TEXT = keySetText(jwk(RSA.publicKey, 'rsa-1', { alg: 'RS256' }), jwk(EC.publicKey, 'ec-1'));

export const encode = (value: unknown): string => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** A token signed with RS256, or as the header says. */
export function makeToken(claims: object = CLAIMS, header: Record<string, unknown> = {}, key: KeyObject = RSA.privateKey): string {
  const full = { alg: 'RS256', kid: 'rsa-1', typ: 'JWT', ...header };
  const input = `${encode(full)}.${encode(claims)}`;
  return `${input}.${signature(full.alg, input, key)}`;
}

export function signature(alg: string, input: string, key: KeyObject): string {
  if (alg.startsWith('ES')) return signBytes('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url');
  if (alg.startsWith('PS')) {
    return signBytes('sha256', Buffer.from(input), { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }).toString('base64url');
  }
  return createSign('sha256').update(input).sign(key).toString('base64url');
}

/** The classic confusion: the public key, which everybody has, used as a shared secret. */
export function confusedToken(): string {
  const input = `${encode({ alg: 'HS256', kid: 'rsa-1', typ: 'JWT' })}.${encode(CLAIMS)}`;
  const secret = RSA.publicKey.export({ type: 'spki', format: 'pem' });
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
}
