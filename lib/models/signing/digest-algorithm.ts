import type { Hash } from 'node:crypto';
import { createHash } from 'node:crypto';
import { quoted, SigningError } from './signing-error';

/** Algorithms of the registry that this library computes. BLAKE3 has no implementation in Node and is refused. */
export type DigestAlgorithm = 'sha256' | 'blake2b';

const NODE_NAMES: ReadonlyMap<string, string> = new Map([['sha256', 'sha256'], ['blake2b', 'blake2b512']]);
const HEX_LENGTHS: Record<DigestAlgorithm, number> = { sha256: 64, blake2b: 128 };

/** @throws SigningError ALGORITHM_REFUSED */
export function toDigestAlgorithm(name: string): DigestAlgorithm {
  if (!NODE_NAMES.has(name)) {
    throw new SigningError('ALGORITHM_REFUSED', `digest algorithm ${quoted(name)} is not supported; use sha256`);
  }
  return name as DigestAlgorithm;
}

export function newDigest(algorithm: DigestAlgorithm): Hash {
  return createHash(NODE_NAMES.get(algorithm)!);
}

/** Whether `text` is a digest of this algorithm in lower-case hexadecimal, with its exact length. */
export function isHexDigest(algorithm: DigestAlgorithm, text: string): boolean {
  return text.length === HEX_LENGTHS[algorithm] && /^[0-9a-f]*$/.test(text);
}
