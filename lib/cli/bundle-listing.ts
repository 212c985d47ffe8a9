import { X509Certificate } from 'node:crypto';
import { parseBundle, readBundle } from '../models/signing/bundle';
import { keyHint } from '../models/signing/elliptic-key';
import { readModelStatement } from '../models/signing/model-statement';
import { SigningError } from '../models/signing/signing-error';
import type { VerificationMaterial } from '../models/signing/verification-material';

/** What a certificate says of itself. */
interface CertificateListing {
  readonly subject: string;
  readonly issuer: string;
  readonly validFrom: string;
  readonly validTo: string;
  readonly sha256: string;
}

/** What a signature says. Nothing of it is verified. */
export interface BundleListing {
  readonly method: 'key' | 'certificate';
  /** Hint of the signing key; `null` for a certificate whose key is of no supported kind. */
  readonly keyHint: string | null;
  readonly certificates: readonly CertificateListing[];
  readonly modelName: string;
  readonly algorithm: string;
  readonly rootDigest: string;
  /** Unit: bytes. `null` when files are signed whole. */
  readonly shardSize: number | null;
  readonly ignorePaths: readonly string[];
  /** Signed files; with shards, one entry for each range `[start, end]`. */
  readonly files: readonly { readonly path: string; readonly digest: string; readonly range: readonly [number, number] | null }[];
}

/** Whether a file looks like a signature, so that what is wrong with it is worth saying. */
export function looksLikeBundle(bytes: Buffer): boolean {
  return /^\s*\{/.test(bytes.toString('latin1', 0, 64)) && bytes.includes('"dsseEnvelope"') && bytes.includes('"verificationMaterial"');
}

/** @throws SigningError - it is not the signature of a model */
export function listBundle(bytes: Uint8Array): BundleListing {
  const { material, envelope } = readBundle(parseBundle(bytes));
  const { modelName, algorithm, rootDigest, shardSize, ignorePaths, resources } = readModelStatement(envelope.payload);
  return {
    method: material.method,
    ...keyOf(material),
    modelName,
    algorithm,
    rootDigest,
    shardSize: shardSize ?? null,
    ignorePaths,
    files: resources.map(({ path, digest, range }) => ({ path, digest, range: range ? [range.start, range.end] : null })),
  };
}

function keyOf(material: VerificationMaterial): Pick<BundleListing, 'keyHint' | 'certificates'> {
  if (material.method === 'key') return { keyHint: material.hint, certificates: [] };
  const certificates = material.certificates.map(toCertificate);
  return {
    keyHint: certificates[0].publicKey.asymmetricKeyType === 'ec' ? keyHint(certificates[0].publicKey) : null,
    certificates: certificates.map((certificate) => ({
      subject: certificate.subject.replaceAll('\n', ', '),
      issuer: certificate.issuer.replaceAll('\n', ', '),
      validFrom: new Date(certificate.validFrom).toISOString(),
      validTo: new Date(certificate.validTo).toISOString(),
      sha256: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    })),
  };
}

function toCertificate(der: Buffer): X509Certificate {
  try {
    return new X509Certificate(der);
  } catch (cause) {
    throw new SigningError('CERTIFICATE_INVALID', 'a certificate in the bundle cannot be read', { cause });
  }
}
