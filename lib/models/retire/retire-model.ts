import type { ServedTarget } from '../promote/promote-model';
import { findModel, readSmall, type ServedModel } from '../deploy-check/served-model';
import type { ListedVersion, ServedObjects } from '../deploy-check/served-objects';

/** How far the archive of a model is. */
export interface ArchiveCursor {
  /** Position of the next file in the manifest. */
  readonly file: number;
  readonly next: 'CONTINUE' | 'DONE';
}

/** Copies the files of a model into the archive as far as the time of one run goes; the manifest comes last. */
export async function archiveModel(
  prefix: string, from: ArchiveCursor, objects: ServedObjects, archive: ServedTarget, hasTime: () => boolean,
): Promise<ArchiveCursor> {
  const model = await findModel(prefix, objects);
  const files = contentsOf(model);
  let { file } = from;
  for (let copied = 0; file < files.length; file += 1, copied += 1) {
    // The first file is copied in any case: each run gets further.
    if (copied > 0 && !hasTime()) return { file, next: 'CONTINUE' };
    const { key, versionId, size } = files[file];
    await archive.copy({ name: key, key, versionId }, size, key);
  }
  for (const beside of [...(model.verdict ? [model.verdict] : []), model.manifest]) {
    await archive.write((await readSmall(beside, objects)).toString(), beside.key);
  }
  return { file, next: 'DONE' };
}

/** What takes access away. */
export interface RevokePorts {
  readonly objects: ServedObjects;
  /** Marks a version as retired, so that the store's policy denies its reads to everybody. */
  readonly mark: (version: ListedVersion) => Promise<void>;
  /** Revokes the grants of a key; returns how many. */
  readonly revokeGrants: (keyArn: string) => Promise<number>;
}

/** What was taken away. */
export interface Revocation {
  readonly objects: number;
  readonly grants: number;
}

/** Takes the access to a model away: to its files from every role, and to the volumes of its endpoints. */
export async function revokeAccess(
  prefix: string, keyArns: readonly string[], { objects, mark, revokeGrants }: RevokePorts,
): Promise<Revocation> {
  const model = await findModel(prefix, objects);
  const files = contentsOf(model);
  for (const version of files) await mark(version);
  // Last: as long as it can be read, the model counts as there, and a run that broke off is begun again.
  await mark(model.manifest);
  let grants = 0;
  for (const keyArn of keyArns) grants += await revokeGrants(keyArn);
  return { objects: files.length + 1, grants };
}

/** What lies below the prefix. */
function contentsOf({ files, laterSignature }: ServedModel): ListedVersion[] {
  return [...files.map(({ version }) => version), ...(laterSignature ? [laterSignature] : [])];
}
