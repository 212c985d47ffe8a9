import fc from 'fast-check';
import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { AuthoriseError } from '../../../lib/inference/authorise/authorise-error';
import { toKeySet } from '../../../lib/inference/authorise/key-set';
import { takeApart, verifyToken } from '../../../lib/inference/authorise/verify-token';
import { CLAIMS, confusedToken, EC, encode, EXPECTED, jwk, KEYS_TEXT, keySetText, makeToken, NOW, RSA, signature, STRANGER } from './tokens';

const KEYS = toKeySet(KEYS_TEXT);
const without = (name: string) => Object.fromEntries(Object.entries(CLAIMS).filter(([key]) => key !== name));
const codeOf = (token: string, expected = EXPECTED, keys = KEYS): string => {
  try {
    verifyToken(takeApart(token), keys, expected, NOW);
    return 'ACCEPTED';
  } catch (error) {
    expect(error).toBeInstanceOf(AuthoriseError);
    return (error as AuthoriseError).code;
  }
};

describe('an honest token', () => {
  test.each<[string, string]>([
    ['with RS256', makeToken()],
    ['with ES256', makeToken(CLAIMS, { alg: 'ES256', kid: 'ec-1' }, EC.privateKey)],
    ['for several audiences', makeToken({ ...CLAIMS, aud: ['other', 'inference'] })],
    ['of the access type', makeToken(CLAIMS, { typ: 'at+jwt' })],
    ['without a type', makeToken(CLAIMS, { typ: undefined })],
    ['with scopes in a list', makeToken({ ...without('scope'), scp: ['models.ask'] })],
    ['that expired within the skew of clocks', makeToken({ ...CLAIMS, exp: NOW - 59 })],
  ])('%s is accepted', (_, token) => expect(verifyToken(takeApart(token), KEYS, EXPECTED, NOW)).toMatchObject({ principal: 'alice' }));

  test('with PS256 is accepted where the settings and the key allow it', () => {
    const keys = toKeySet(keySetText(jwk(RSA.publicKey, 'rsa-1')));
    const token = makeToken(CLAIMS, { alg: 'PS256' });
    expect(codeOf(token, { ...EXPECTED, algorithms: ['PS256'] }, keys)).toBe('ACCEPTED');
    expect(codeOf(token, EXPECTED, keys)).toBe('ALGORITHM');
    expect(codeOf(token, { ...EXPECTED, algorithms: ['PS256'] })).toBe('KEY_MISMATCH');
  });
});

describe('a hostile token', () => {
  const [header, claims, mark] = makeToken().split('.');
  const noneHeader = (alg: unknown) => encode({ alg, kid: 'rsa-1', typ: 'JWT' });
  test.each<[string, string, string]>([
    ['without a signature, by the algorithm none', `${noneHeader('none')}.${claims}.${mark}`, 'ALGORITHM'],
    ['with none in another spelling', `${noneHeader('nOnE')}.${claims}.${mark}`, 'ALGORITHM'],
    ['with none and an empty signature', `${noneHeader('none')}.${claims}.`, 'MALFORMED'],
    ['with the algorithm of every object', `${noneHeader('constructor')}.${claims}.${mark}`, 'ALGORITHM'],
    ['with a list of algorithms', `${noneHeader(['RS256'])}.${claims}.${mark}`, 'ALGORITHM'],
    ['signed with the public key as a secret', confusedToken(), 'ALGORITHM'],
    ['of another key with the same id', makeToken(CLAIMS, {}, STRANGER.privateKey), 'SIGNATURE'],
    ['of an RSA key that claims to be an EC key', makeToken(CLAIMS, { alg: 'ES256', kid: 'rsa-1' }, EC.privateKey), 'KEY_MISMATCH'],
    ['of an EC key that claims to be an RSA key', makeToken(CLAIMS, { kid: 'ec-1' }), 'KEY_MISMATCH'],
    ['with a path for a key id', makeToken(CLAIMS, { kid: '../../../../dev/null' }), 'UNKNOWN_KEY'],
    ['with SQL for a key id', makeToken(CLAIMS, { kid: "x' UNION SELECT 'key" }), 'UNKNOWN_KEY'],
    ['with the prototype for a key id', makeToken(CLAIMS, { kid: '__proto__' }), 'UNKNOWN_KEY'],
    ['with an object for a key id', makeToken(CLAIMS, { kid: { toString: 'rsa-1' } }), 'UNKNOWN_KEY'],
    ['without a key id', makeToken(CLAIMS, { kid: undefined }), 'UNKNOWN_KEY'],
    ['that brings its key', makeToken(CLAIMS, { jwk: jwk(STRANGER.publicKey, 'rsa-1') }, STRANGER.privateKey), 'HEADER'],
    ['that names where its key is', makeToken(CLAIMS, { jku: 'https://attacker.example.com/jwks' }, STRANGER.privateKey), 'HEADER'],
    ['that brings a certificate', makeToken(CLAIMS, { x5c: ['MIIB'] }), 'HEADER'],
    ['with critical extensions', makeToken(CLAIMS, { crit: ['exp'] }), 'HEADER'],
    ['that is compressed', makeToken(CLAIMS, { zip: 'DEF' }), 'HEADER'],
    ['of another type', makeToken(CLAIMS, { typ: 'logout+jwt' }), 'HEADER'],
    ['with other claims under the same signature', `${header}.${encode({ ...CLAIMS, sub: 'root' })}.${mark}`, 'SIGNATURE'],
    ['of an EC signature of zeros', `${encode({ alg: 'ES256', kid: 'ec-1' })}.${claims}.${Buffer.alloc(64).toString('base64url')}`, 'SIGNATURE'],
    ['of an EC signature in DER', `${encode({ alg: 'ES256', kid: 'ec-1' })}.${claims}.${Buffer.alloc(70, 0x30).toString('base64url')}`, 'SIGNATURE'],
    ['of another issuer', makeToken({ ...CLAIMS, iss: 'https://issuer.example.com/' }), 'ISSUER'],
    ['without an issuer', makeToken(without('iss')), 'ISSUER'],
    ['for somebody else', makeToken({ ...CLAIMS, aud: 'billing' }), 'AUDIENCE'],
    ['for nobody', makeToken(without('aud')), 'AUDIENCE'],
    ['for an audience in an object', makeToken({ ...CLAIMS, aud: { 0: 'inference' } }), 'AUDIENCE'],
    ['that has expired', makeToken({ ...CLAIMS, exp: NOW - 60 }), 'EXPIRED'],
    ['without an end', makeToken(without('exp')), 'LIFETIME'],
    ['that ends as a text', makeToken({ ...CLAIMS, exp: `${NOW + 600}` }), 'LIFETIME'],
    ['that ends in infinity', `${header}.${encode(JSON.stringify(CLAIMS).replace(String(NOW + 600), '1e999'))}`, 'MALFORMED'],
    ['that lives for years', makeToken({ ...CLAIMS, exp: NOW + 10 ** 9 }), 'LIFETIME'],
    ['without a beginning', makeToken(without('iat')), 'LIFETIME'],
    ['of the future', makeToken({ ...CLAIMS, iat: NOW + 120 }), 'NOT_YET_VALID'],
    ['that does not hold yet', makeToken({ ...CLAIMS, nbf: NOW + 120 }), 'NOT_YET_VALID'],
    ['without the scope', makeToken({ ...CLAIMS, scope: 'openid' }), 'SCOPE'],
    ['with the scope as a part of another', makeToken({ ...CLAIMS, scope: 'models.ask.not' }), 'SCOPE'],
    ['of nobody', makeToken(without('sub')), 'PRINCIPAL'],
    ['of somebody with a line break', makeToken({ ...CLAIMS, sub: 'alice\nroot' }), 'PRINCIPAL'],
    ['of somebody very long', makeToken({ ...CLAIMS, sub: 'a'.repeat(257) }), 'PRINCIPAL'],
    ['of enormous size', makeToken({ ...CLAIMS, pad: 'a'.repeat(10_000) }), 'OVERSIZE'],
    ['of a megabyte of dots', '.'.repeat(1_000_000), 'OVERSIZE'],
    ['in two parts', `${header}.${claims}`, 'MALFORMED'],
    ['in four parts', `${header}.${claims}.${mark}.${mark}`, 'MALFORMED'],
    ['in five parts, encrypted', 'a.b.c.d.e', 'MALFORMED'],
    ['in padded base64', `${header}.${claims}.${mark}==`, 'MALFORMED'],
    ['with a list for a header', `${encode('[]')}.${claims}.${mark}`, 'MALFORMED'],
    ['with a broken header', `${encode('{')}.${claims}.${mark}`, 'MALFORMED'],
    ['with bytes that are no text', `${Buffer.from([0xff, 0xfe]).toString('base64url')}.${claims}.${mark}`, 'MALFORMED'],
    ['of nothing', '', 'MALFORMED'],
  ])('%s is refused', (_, token, code) => expect(codeOf(token)).toBe(code));

  test('with one spare bit at its end is another token, and refused', () => {
    // The last character of 256 bytes has bits that carry nothing: a decoder that forgives reads both alike.
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const last = mark.at(-1)!;
    const twin = `${header}.${claims}.${mark.slice(0, -1)}${alphabet[alphabet.indexOf(last) + 1]}`;
    expect(Buffer.from(twin.split('.')[2], 'base64url')).toEqual(Buffer.from(mark, 'base64url'));
    expect(codeOf(twin)).toBe('MALFORMED');
  });

  test('with any one character changed is refused', () => {
    const token = makeToken();
    fc.assert(fc.property(fc.nat(token.length - 1), fc.constantFrom(...'AZaz09-_.'), (at, character) => {
      const changed = token.slice(0, at) + character + token.slice(at + 1);
      if (changed !== token) expect(codeOf(changed)).not.toBe('ACCEPTED');
    }), { numRuns: 300 });
  });

  test('of any text is refused', () => {
    fc.assert(fc.property(fc.string(), fc.string(), fc.string(), (a, b, c) => {
      expect(codeOf(`${a}.${encode(b)}.${c}`)).not.toBe('ACCEPTED');
    }));
  });

  test('says nothing of itself in the refusal', () => {
    for (const token of [makeToken({ ...CLAIMS, iss: 'zqsecretzq' }), makeToken(CLAIMS, { kid: 'zqsecretzq' }), makeToken({ ...CLAIMS, sub: 'zqsecretzq\n' })]) {
      expect(() => verifyToken(takeApart(token), KEYS, EXPECTED, NOW)).toThrow(expect.objectContaining({ message: expect.not.stringContaining('zqsecretzq') }));
    }
  });
});

describe('a key set', () => {
  test.each<[string, string, string]>([
    ['with a private key', keySetText(jwk(RSA.privateKey, 'rsa-1')), 'has a secret at keys[0]'],
    ['with a shared key', keySetText({ kty: 'oct', k: 'c2VjcmV0', kid: 'a' }), 'has a secret at keys[0]'],
    ['with an id twice', keySetText(jwk(RSA.publicKey, 'a'), jwk(EC.publicKey, 'a')), 'twice'],
    ['without keys', '{"keys":[]}', '1 to 50 keys'],
    ['with too many', keySetText(...Array.from({ length: 51 }, (_, index) => ({ kid: `${index}` }))), '1 to 50 keys'],
    ['that is no JSON', '<html>', 'is not JSON'],
    ['that is null', 'null', '1 to 50 keys'],
    ['with a text for a key', '{"keys":["a"]}', 'no object at keys[0]'],
    ['of enormous size', ' '.repeat(70_000), 'larger than 65536 bytes'],
    ['with keys for encryption only', keySetText(jwk(RSA.publicKey, 'a', { use: 'enc' })), 'no key for signatures'],
    ['with keys without an id only', keySetText({ ...jwk(RSA.publicKey, 'a'), kid: undefined }), 'no key for signatures'],
    ['with keys for shared secrets only', keySetText(jwk(RSA.publicKey, 'a', { alg: 'HS256' })), 'no key for signatures'],
    ['with a broken key only', keySetText({ kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA', kid: 'a' }), 'no key for signatures'],
  ])('%s is refused', (_, text, message) => expect(() => toKeySet(text)).toThrow(message));

  test('leaves weak and foreign keys out', () => {
    const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const foreign = generateKeyPairSync('ed25519');
    const set = toKeySet(keySetText(jwk(weak.publicKey, 'weak'), jwk(foreign.publicKey, 'foreign'), jwk(RSA.publicKey, 'good')));
    expect([...set.keys()]).toEqual(['good']);
    const token = `${encode({ alg: 'RS256', kid: 'weak' })}.${encode(CLAIMS)}`;
    expect(codeOf(`${token}.${signature('RS256', token, weak.privateKey)}`, EXPECTED, set)).toBe('UNKNOWN_KEY');
  });
});
