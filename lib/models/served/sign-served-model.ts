import { createHash } from 'node:crypto';
import type { RecordStore } from '../gate/record-store';
import type { Artifact, ArtifactStore } from '../ports/artifact-store';
import type { Signer } from '../ports/signer';
import { ignoredBeside } from '../signing/ignore-rules';
import { SIGNATURE_NAME } from '../signing/signature-name';
import { takeInventory } from '../signing/inventory';
import type { FileDigest } from '../signing/sign-files';
import { signFiles } from '../signing/sign-files';
import { treeDigest } from '../signing/tree-digest';
import { digestKey, readDigest } from './object-digest';
import { ServedModelError } from './served-model-error';
import type { ServedPlace } from './served-place';

/** Records that are read at the same time. */
const READERS = 16;

/** What signing takes from outside. */
export interface SignPorts {
  /** Name of the served bucket. */
  readonly bucket: string;
  /** The model below its prefix. */
  readonly store: ArtifactStore;
  readonly records: Pick<RecordStore, 'read'>;
  /** Records of the served bucket itself: the promoter's manifest, and the signature, which is written once. */
  readonly served: Pick<RecordStore, 'read' | 'writeOnce'>;
  readonly signer: Signer;
}

/** A signed model. */
export interface SignedServedModel {
  readonly rootDigest: string;
  /** Key of the signature. */
  readonly signature: string;
  /** `false` when it was there already: of the same files, which nobody can change, or brought by the upload, which the gate judges. */
  readonly written: boolean;
}

/**
 * Signs a served model by the recorded digests of exactly the versions that are served, which must be what the promoter's manifest names.
 *
 * It lists and compares itself: who calls it past the state machine signs nothing else.
 *
 * @see https://github.com/ossf/model-signing-spec
 * @throws ServedModelError, SigningError, or what store and records fail with
 */
export async function signServedModel(
  place: ServedPlace, { bucket, store, records, served, signer }: SignPorts,
): Promise<SignedServedModel> {
  const ignore = ignoredBeside(SIGNATURE_NAME);
  const artifacts = await takeInventory(store, ignore);
  const promoted = await served.read(place.manifest);
  const files = await digestsOf(artifacts, (artifact) => recordedDigest(bucket, `${place.prefix}${artifact.name}`, artifact, records));
  const { isSigned } = assertPromoted(files, place, promoted);
  const signature = `${place.prefix}${SIGNATURE_NAME}`;
  if (isSigned) return { rootDigest: treeDigest(files.map(({ digest }) => digest)), signature, written: false };
  const { bundle, rootDigest } = await signFiles(store.name, files, ignore, signer);
  return { rootDigest, signature, written: await served.writeOnce(signature, bundle) };
}

async function digestsOf(artifacts: readonly Artifact[], digest: (artifact: Artifact) => Promise<string>): Promise<FileDigest[]> {
  const files: FileDigest[] = [];
  for (let start = 0; start < artifacts.length; start += READERS) {
    const some = artifacts.slice(start, start + READERS);
    files.push(...await Promise.all(some.map(async (artifact) => ({ name: artifact.name, digest: await digest(artifact) }))));
  }
  return files;
}

async function recordedDigest(
  bucket: string, key: string, { size, version: versionId }: Artifact, records: Pick<RecordStore, 'read'>,
): Promise<string> {
  const place = { bucket, key, versionId, size };
  const digest = readDigest(await records.read(digestKey(place)), place);
  if (digest === undefined) throw new ServedModelError('NOT_HASHED', `${JSON.stringify(key)} version ${versionId} has no recorded digest: start the state machine again`);
  return digest;
}

/** The prefix is named by the digest of the manifest, and the manifest by what the promoter hashed: two that hashed must agree. */
function assertPromoted(
  files: readonly FileDigest[], { manifest, manifestDigest }: ServedPlace, promoted: Buffer | undefined,
): { readonly isSigned: boolean } {
  const lines = (promoted?.toString('utf8') ?? '').split('\n');
  // What was uploaded with a signature has it in the manifest, and no signature is about itself.
  const unsigned = lines.filter((line) => !/^[0-9a-f]{64} {2}/.test(line) || line.slice(66) !== SIGNATURE_NAME);
  const text = files.map(({ name, digest }) => `${digest}  ${name}\n`).join('');
  if (!promoted || unsigned.join('\n') !== text || createHash('sha256').update(promoted).digest('hex') !== manifestDigest) {
    throw new ServedModelError('MANIFEST_MISMATCH', `the files are not those that ${manifest} names: they were not promoted together, or not yet`);
  }
  return { isSigned: unsigned.length < lines.length };
}
