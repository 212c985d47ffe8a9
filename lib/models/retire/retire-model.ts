import type { ServedTarget } from '../promote/promote-model';
import { findFiles } from '../deploy-check/check-deployment';
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
  const files = await findFiles(prefix, objects);
  let { file } = from;
  for (let copied = 0; file < files.length; file += 1, copied += 1) {
    // The first file is copied in any case: each run gets further.
    if (copied > 0 && !hasTime()) return { file, next: 'CONTINUE' };
    const { name, version } = files[file];
    await archive.copy({ name, key: version.key, versionId: version.versionId }, version.size, version.key);
  }
  const manifest = await manifestOf(prefix, objects);
  await archive.write((await objects.read(manifest)).toString(), manifest.key);
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
  const files = await findFiles(prefix, objects);
  for (const { version } of files) await mark(version);
  // Last: as long as it can be read, the model counts as there, and a run that broke off is begun again.
  await mark(await manifestOf(prefix, objects));
  let grants = 0;
  for (const keyArn of keyArns) grants += await revokeGrants(keyArn);
  return { objects: files.length + 1, grants };
}

async function manifestOf(prefix: string, objects: ServedObjects): Promise<ListedVersion> {
  const key = `${prefix.slice(0, -1)}.manifest`;
  const [manifest] = (await objects.list(key, 2)).filter((version) => version.key === key);
  return manifest;
}
