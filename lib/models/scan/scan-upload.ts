import type { RecordStore } from '../gate/record-store';
import type { Artifact, ArtifactStore } from '../ports/artifact-store';
import type { QuarantineSource } from '../promote/promote-model';
import type { PromotionObject } from '../promote/promotion-request';
import { ScanError } from '../scanning/scan-error';
import type { TreeReport } from '../scanning/scan-tree';
import { scanTree } from '../scanning/scan-tree';
import type { Verdict } from '../scanning/verdict';
import { ArtifactSource } from '../scanning-sources/artifact-source';
import { signatureReport } from '../scanning-sources/signature-report';
import { hashArtifacts } from '../signing/hash-artifacts';
import { SIGNATURE_NAME } from '../signing/signature-name';
import { SigningError } from '../signing/signing-error';
import { treeDigest } from '../signing/tree-digest';
import type { UploadReference } from './upload';
import { readUpload } from './upload';
import { UploadError } from './upload-error';
import { uploadId } from './upload-id';
import type { UploadReport } from './upload-report';
import { readReport, reportKey, writeReport } from './upload-report';

/** What the scan takes from outside. */
export interface ScanPorts {
  /** Name of the quarantine bucket. */
  readonly bucket: string;
  readonly source: QuarantineSource;
  /** Exactly these versions, to be read in ranges. */
  readonly store: (objects: readonly PromotionObject[]) => ArtifactStore;
  readonly records: Pick<RecordStore, 'read' | 'writeOnce'>;
  /** Whether the time is up in which one function can scan. */
  readonly expired: () => boolean;
}

/** Which report holds what was found. */
export interface ScannedUpload {
  readonly id: string;
  /** What the upload is to be called when it is promoted. */
  readonly model: string;
  readonly verdict: Verdict;
}

/** Reasons in words that a report keeps: enough to see what was wrong. */
const MAX_DETAILS = 20;

/**
 * Scans the files of an upload as one tree, by exact version, and records what it found and the digests of what is safe.
 *
 * A report is written once: the same versions are never judged twice. What cannot be read is no verdict but a failure; what does not end in
 * time is `UNSCANNABLE`.
 *
 * @throws UploadError, or what reading failed with
 */
export async function scanUpload(reference: UploadReference, ports: ScanPorts): Promise<ScannedUpload> {
  const { model, objects, expectedDigest } = await readUpload(reference, ports.source);
  const id = uploadId(ports.bucket, objects);
  const report = await recordedReport(id, objects, ports);
  assertExpected(report, expectedDigest);
  return { id, model, verdict: report.verdict };
}

async function recordedReport(id: string, objects: readonly PromotionObject[], ports: ScanPorts): Promise<UploadReport> {
  const key = reportKey(id);
  const known = await ports.records.read(key);
  if (known) return readReport(known);
  const report = await examine(id, objects, ports);
  if (await ports.records.writeOnce(key, writeReport(report))) return report;
  // Somebody was faster; what counts is what is recorded.
  const first = await ports.records.read(key);
  if (!first) throw new UploadError('REPORT_INVALID', `the report ${id} is there and cannot be read`);
  return readReport(first);
}

function assertExpected({ verdict, objects }: UploadReport, expected: string | undefined): void {
  if (expected === undefined || verdict !== 'SAFE') return;
  // No signature is about itself.
  const digest = treeDigest(objects.filter(({ name }) => name !== SIGNATURE_NAME).map(({ sha256 = '' }) => sha256));
  if (digest !== expected) throw new UploadError('INVALID_MANIFEST', `the files have the root digest ${digest}, the manifest expects ${expected}`);
}

async function examine(id: string, objects: readonly PromotionObject[], ports: ScanPorts): Promise<UploadReport> {
  const store = ports.store(objects);
  const artifacts: Artifact[] = [];
  for await (const artifact of store.list()) artifacts.push(artifact);
  const tree = await scan(store, artifacts, ports.expired);
  const digests = tree.verdict === 'SAFE' ? await hash(store, artifacts, ports.expired) : undefined;
  const reasons = tree.files.flatMap((file) => file.reasons);
  const late = tree.verdict === 'SAFE' && digests === undefined;
  return {
    id,
    bucket: ports.bucket,
    verdict: late ? 'UNSCANNABLE' : tree.verdict,
    reasons: late ? ['LIMIT_EXCEEDED'] : [...new Set(reasons.map(({ code }) => code))].sort(),
    details: late ? ['LIMIT_EXCEEDED: the files could not be hashed in the time of one function'] : reasons.slice(0, MAX_DETAILS).map(inWords),
    objects: objects.map((object, index) => ({
      name: object.name,
      key: object.key,
      versionId: object.versionId,
      size: artifacts[index].size,
      ...(digests === undefined ? {} : { sha256: digests[index] }),
    })),
  };
}

async function scan(store: ArtifactStore, artifacts: readonly Artifact[], expired: () => boolean): Promise<Pick<TreeReport, 'verdict' | 'files'>> {
  const onRead = (): void => assertInTime(expired);
  const sources = artifacts.map((artifact) => ({ path: artifact.name, source: new ArtifactSource(store, artifact, onRead) }));
  const signatureFile = sources.find(({ path }) => path === SIGNATURE_NAME);
  const signature = signatureFile && await signatureReport(signatureFile);
  const tree = await scanTree(sources.filter(({ path }) => path !== signature?.path));
  // The scanner made a reason of it, and the reason would stay; another attempt may well be able to read.
  for (const { source } of sources) if (source.failure !== undefined) throw source.failure as Error;
  return tree;
}

/** Digests in the order of the artifacts; undefined when the time ended before. */
async function hash(store: ArtifactStore, artifacts: readonly Artifact[], expired: () => boolean): Promise<string[] | undefined> {
  try {
    const tasks = artifacts.map((artifact) => ({ artifact }));
    return await hashArtifacts(store, tasks, { algorithm: 'sha256', onProgress: () => assertInTime(expired) });
  } catch (error) {
    if (error instanceof SigningError && error.cause instanceof ScanError) return undefined;
    throw error;
  }
}

function assertInTime(expired: () => boolean): void {
  if (expired()) throw new ScanError('LIMIT_EXCEEDED', 0, 'the time of one function has ended');
}

function inWords({ code, path, found }: TreeReport['files'][number]['reasons'][number]): string {
  return `${code} in ${JSON.stringify(path)}: ${found}`.slice(0, 500);
}
