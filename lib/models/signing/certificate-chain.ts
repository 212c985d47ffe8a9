import type { KeyObject } from 'node:crypto';
import { Certificate } from './certificate';
import { curveOf } from './elliptic-key';
import { SigningError } from './signing-error';

/** Intermediates between a leaf and its anchor. */
const MAX_INTERMEDIATES = 8;

export interface CertificatePolicy {
  /** Authorities that the caller trusts, or the very leaf. */
  readonly anchors: readonly Certificate[];

  /** The time at which every certificate of the chain must be valid. */
  readonly at: Date;

  /**
   * `code-signing`: the leaf names that extended usage. `digital-signature`: its key usage is enough.
   *
   * @default code-signing
   */
  readonly leafUsage?: 'code-signing' | 'digital-signature';
}

/**
 * Validates the chain of a bundle against the caller's anchors and returns the key of the leaf.
 * The certificates of the bundle only help to find the way; trust ends at an anchor.
 *
 * @param chain DER, the leaf first
 * @throws SigningError CERTIFICATE_INVALID, CERTIFICATE_NOT_TRUSTED, CERTIFICATE_OUTSIDE_VALIDITY, CERTIFICATE_USAGE or KEY_INVALID
 */
export function trustedLeafKey(chain: readonly Buffer[], policy: CertificatePolicy): KeyObject {
  const [leaf, ...intermediates] = chain.map((der) => Certificate.fromDer(der));
  leaf.assertValidAt(policy.at);
  assertLeafUsage(leaf, policy.leafUsage ?? 'code-signing');
  if (!policy.anchors.some((anchor) => anchor.equals(leaf))) assertPath(leaf, intermediates, policy);
  const key = leaf.x509.publicKey;
  curveOf(key);
  return key;
}

function assertLeafUsage(leaf: Certificate, usage: 'code-signing' | 'digital-signature'): void {
  if (!leaf.maySign) throw new SigningError('CERTIFICATE_USAGE', `certificate ${leaf.label} may not make signatures`);
  if (usage === 'code-signing' && !leaf.namesCodeSigning) {
    throw new SigningError('CERTIFICATE_USAGE', `certificate ${leaf.label} does not name the extended usage code signing`);
  }
}

/**
 * Walks up from the leaf. Anchors come first, so a chain ends as early as the caller's trust allows.
 * The walk never turns back: certificates come from outside, and a search over them could be made to take very long.
 */
function assertPath(leaf: Certificate, intermediates: readonly Certificate[], policy: CertificatePolicy): void {
  const unused = new Set(intermediates);
  let below = leaf;
  for (let depth = 0; depth <= MAX_INTERMEDIATES; depth++) {
    if (authorityFor(below, policy.anchors, depth, policy.at)) return;
    const next = authorityFor(below, unused, depth, policy.at);
    if (!next) break;
    unused.delete(next);
    below = next;
  }
  throw new SigningError('CERTIFICATE_NOT_TRUSTED', `certificate ${leaf.label} does not lead to a trusted anchor`);
}

/** An issuer of `below` that is fit to be one. Where there are several, as after a renewal, one fit is enough. */
function authorityFor(below: Certificate, candidates: Iterable<Certificate>, depth: number, at: Date): Certificate | undefined {
  let unfit: Error | undefined;
  for (const candidate of candidates) {
    if (!below.isIssuedBy(candidate)) continue;
    try {
      assertAuthority(candidate, depth, at);
      return candidate;
    } catch (error) {
      unfit ??= error as Error;
    }
  }
  if (unfit !== undefined) throw unfit;
  return undefined;
}

function assertAuthority(certificate: Certificate, intermediatesBelow: number, at: Date): void {
  certificate.assertValidAt(at);
  if (!certificate.isAuthority) {
    throw new SigningError('CERTIFICATE_USAGE', `certificate ${certificate.label} is no authority and may not issue others`);
  }
  if (certificate.pathLength !== undefined && intermediatesBelow > certificate.pathLength) {
    throw new SigningError('CERTIFICATE_USAGE', `certificate ${certificate.label} allows ${certificate.pathLength} intermediates below it`);
  }
  if (!certificate.mayUseForCode) {
    throw new SigningError('CERTIFICATE_USAGE', `certificate ${certificate.label} is not for code signing`);
  }
}
