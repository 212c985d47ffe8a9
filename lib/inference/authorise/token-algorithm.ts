import { constants, verify, type KeyObject } from 'node:crypto';

/** Algorithms with which a provider may sign: public keys only. */
export type TokenAlgorithm = 'RS256' | 'RS384' | 'RS512' | 'PS256' | 'PS384' | 'PS512' | 'ES256' | 'ES384' | 'ES512';

interface Shape {
  readonly keyType: 'RSA' | 'EC';
  readonly hash: string;
  readonly curve?: string;
  /** In bytes. */
  readonly signatureLength?: number;
  readonly pss?: boolean;
}

const SHAPES: Readonly<Record<TokenAlgorithm, Shape>> = {
  RS256: { keyType: 'RSA', hash: 'sha256' },
  RS384: { keyType: 'RSA', hash: 'sha384' },
  RS512: { keyType: 'RSA', hash: 'sha512' },
  PS256: { keyType: 'RSA', hash: 'sha256', pss: true },
  PS384: { keyType: 'RSA', hash: 'sha384', pss: true },
  PS512: { keyType: 'RSA', hash: 'sha512', pss: true },
  ES256: { keyType: 'EC', hash: 'sha256', curve: 'P-256', signatureLength: 64 },
  ES384: { keyType: 'EC', hash: 'sha384', curve: 'P-384', signatureLength: 96 },
  ES512: { keyType: 'EC', hash: 'sha512', curve: 'P-521', signatureLength: 132 },
};

/** The names, in order. */
export const TOKEN_ALGORITHMS = Object.keys(SHAPES) as TokenAlgorithm[];

/** Whether a text names an algorithm: `none` and those with shared secrets do not. */
export function isTokenAlgorithm(value: unknown): value is TokenAlgorithm {
  return typeof value === 'string' && Object.hasOwn(SHAPES, value);
}

/** Whether a key of a type, and on a curve, is for an algorithm. */
export function fitsAlgorithm(algorithm: TokenAlgorithm, keyType: string, curve: string | undefined): boolean {
  const shape = SHAPES[algorithm];
  return shape.keyType === keyType && (shape.curve === undefined || shape.curve === curve);
}

/** Whether a signature over some bytes is one of the key. */
export function isSignature(algorithm: TokenAlgorithm, key: KeyObject, signed: Uint8Array, signature: Uint8Array): boolean {
  const { hash, keyType, pss, signatureLength } = SHAPES[algorithm];
  if (signatureLength !== undefined && signature.byteLength !== signatureLength) return false;
  try {
    return verify(hash, signed, {
      key,
      // Tokens carry both numbers side by side, not in DER.
      ...(keyType === 'EC' ? { dsaEncoding: 'ieee-p1363' as const } : {}),
      ...(pss ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST } : {}),
    }, signature);
  } catch {
    return false;
  }
}
