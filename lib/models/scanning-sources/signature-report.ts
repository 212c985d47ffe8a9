import { X509Certificate } from 'node:crypto';
import type { FileReport } from '../scanning/scan-file';
import { DEFAULT_MAX_BUNDLE_BYTES, parseBundle, readBundle } from '../signing/bundle';
import { SIGNATURE_NAME } from '../signing/signature-name';
import { readModelStatement } from '../signing/model-statement';
import { SigningError } from '../signing/signing-error';
import type { ArtifactSource } from './artifact-source';

/**
 * The report on the signature of a model, when that is what lies there under its name: the strict parser leaves room for nothing else in
 * it. The scanner itself knows models and no signatures. Whether it is a valid one is not asked.
 *
 * @returns undefined for what is no signature: the scanner looks at it like at any file
 */
export async function signatureReport(
  { path, source }: { readonly path: string; readonly source: ArtifactSource },
): Promise<FileReport | undefined> {
  if (path !== SIGNATURE_NAME || source.size > DEFAULT_MAX_BUNDLE_BYTES) return undefined;
  try {
    const { material, envelope } = readBundle(parseBundle(await source.read(0, source.size)));
    readModelStatement(envelope.payload);
    if (material.method === 'certificate' && !material.certificates.every(isCertificate)) return undefined;
  } catch (error) {
    if (error instanceof SigningError || source.failure !== undefined) return undefined;
    throw error;
  }
  return { path, size: source.size, formats: ['MODEL_SIGNATURE'], verdict: 'SAFE', reasons: [] };
}

function isCertificate(der: Buffer): boolean {
  try {
    return new X509Certificate(der).raw.equals(der);
  } catch {
    return false;
  }
}
