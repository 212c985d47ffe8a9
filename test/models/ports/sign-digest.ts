import type { KeyObject } from 'node:crypto';
import { createECDH } from 'node:crypto';

const ORDERS: Record<string, bigint> = {
  'P-256': 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
  'P-384': 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
  'P-521': BigInt(`0x1${'f'.repeat(65)}a51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409`),
};
const ECDH_NAMES: Record<string, string> = { 'P-256': 'prime256v1', 'P-384': 'secp384r1', 'P-521': 'secp521r1' };

/** ECDSA over a digest that was made elsewhere, as KMS does it and Node does not offer. For tests: it is not constant in time. */
export function signDigest(digest: Uint8Array, key: KeyObject): Buffer {
  const { crv, d } = key.export({ format: 'jwk' }) as { crv: string; d: string };
  const order = ORDERS[crv];
  const nonce = createECDH(ECDH_NAMES[crv]);
  const point = nonce.generateKeys();
  // An uncompressed point is 04, x, y.
  const r = toInteger(point.subarray(1, 1 + (point.length - 1) / 2)) % order;
  const s = (inverse(toInteger(nonce.getPrivateKey()), order) * (toInteger(digest) + r * toInteger(Buffer.from(d, 'base64url')))) % order;
  return sequence(integer(r), integer(s));
}

function toInteger(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
}

function inverse(value: bigint, modulus: bigint): bigint {
  let [a, b, x, y] = [value % modulus, modulus, 1n, 0n];
  while (a > 1n) [a, b, x, y] = [b % a, a, y - (b / a) * x, x];
  return ((x % modulus) + modulus) % modulus;
}

function integer(value: bigint): Buffer {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex');
  const positive = bytes[0] & 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes;
  return Buffer.concat([Buffer.from([0x02, positive.length]), positive]);
}

function sequence(...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from(content.length < 0x80 ? [0x30, content.length] : [0x30, 0x81, content.length]), content]);
}
