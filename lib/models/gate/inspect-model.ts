import { createHash } from 'node:crypto';
import type { Artifact, ArtifactStore } from '../ports/artifact-store';
import { scanTree } from '../scanning/scan-tree';
import { ArtifactSource } from '../scanning-sources/artifact-source';
import { DEFAULT_MAX_BUNDLE_BYTES } from '../signing/bundle';
import { SIGNATURE_NAME } from '../signing/signature-name';
import { quoted, SigningError } from '../signing/signing-error';
import type { TrustPolicy } from '../signing/trust-policy';
import { verifyModel } from '../signing/verify-model';
import type { GateEvidence } from './check-model';
import type { GateFinding } from './gate-finding';

/**
 * Verifies the signature inside a model and scans exactly the versions that were verified.
 *
 * @throws what the store throws: a model that cannot be read is no verdict
 */
export async function inspectModel(store: ArtifactStore, trust: TrustPolicy): Promise<Pick<GateEvidence, 'signature' | 'scan'>> {
  try {
    const bundle = await readSignature(store);
    if (bundle === undefined) return refused('SIGNATURE_MISSING', `there is no ${SIGNATURE_NAME}`);
    const { rootDigest, files } = await verifyModel(store, bundle, { trust });
    await assertNothingBeside(store, files);
    return { signature: { rootDigest, sha256: createHash('sha256').update(bundle).digest('hex') }, scan: await scanFiles(store, files) };
  } catch (error) {
    if (!(error instanceof SigningError) || error.code === 'STORE_FAILED') throw error;
    return refused('SIGNATURE_REFUSED', `${error.code}: ${error.message}`);
  }
}

async function readSignature(store: ArtifactStore): Promise<Buffer | undefined> {
  for await (const artifact of store.list()) {
    if (artifact.name !== SIGNATURE_NAME || artifact.kind !== 'file') continue;
    if (artifact.size > DEFAULT_MAX_BUNDLE_BYTES) throw new SigningError('BUNDLE_TOO_LARGE', `bundle has ${artifact.size} bytes`);
    const chunks: Buffer[] = [];
    // Copied: a chunk is valid only until the next one.
    for await (const chunk of store.read(artifact)) chunks.push(Buffer.from(chunk));
    return Buffer.concat(chunks);
  }
  return undefined;
}

/** What a signature leaves out by custom, such as `.git`, is served all the same, and a loader could find it. */
async function assertNothingBeside(store: ArtifactStore, files: readonly Artifact[]): Promise<void> {
  const signed = new Set(files.map(({ name }) => name)).add(SIGNATURE_NAME);
  for await (const { name } of store.list()) {
    if (!signed.has(name)) throw new SigningError('FILE_EXTRA', `files are not signed: ${quoted(name)}`);
  }
}

async function scanFiles(store: ArtifactStore, files: readonly Artifact[]): Promise<GateEvidence['scan']> {
  const sources = files.map((artifact) => ({ path: artifact.name, source: new ArtifactSource(store, artifact, () => undefined) }));
  const { verdict, files: scanned } = await scanTree(sources);
  for (const { source } of sources) if (source.failure instanceof Error) throw source.failure;
  const worst = scanned.find((file) => file.verdict === verdict);
  const [reason] = worst?.reasons ?? [];
  return { verdict, reason: reason ? `${reason.code} in ${JSON.stringify(reason.path)}: ${reason.found}` : '' };
}

function refused(code: GateFinding['code'], reason: string): Pick<GateEvidence, 'signature' | 'scan'> {
  // Not scanned proves nothing; the finding of the signature says what to do first.
  const scan = { verdict: 'UNSCANNABLE', reason: 'without a valid signature nothing was scanned' } as const;
  return { signature: { finding: { code, about: 'signature', reason } }, scan };
}
