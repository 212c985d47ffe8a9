import { VERDICT_SUFFIX } from '../promote/served-prefix';
import { SIGNATURE_NAME } from '../signing/signature-name';
import { byKeyOf, matchFiles, onlyVersion, type ServedFile } from './check-objects';
import { DeployCheckError } from './deploy-check-error';
import { MAX_FILES, readManifest } from './manifest';
import type { ListedVersion, ServedObjects } from './served-objects';

/** A promoted model as it lies there, each object in its only version, and nothing beside them. */
export interface ServedModel {
  readonly manifest: ListedVersion;
  /** The files that the manifest names. */
  readonly files: readonly ServedFile[];
  /**
   * The signature that was made after the promotion, of the files that the manifest names, so that the manifest cannot name it; undefined:
   * the model brought its own, or has none.
   */
  readonly laterSignature: ListedVersion | undefined;
  /** The signed verdict that the promoter left beside the manifest; undefined: it needed none. */
  readonly verdict: ListedVersion | undefined;
}

/** Small files that are read whole. Unit: bytes. */
const MAX_READ = 32 * 1024 * 1024;

/**
 * Finds a promoted model below its prefix. The manifest names every file but a signature that was made later.
 *
 * @throws DeployCheckError a MANIFEST or OBJECT code, or NOT_READABLE
 */
export async function findModel(prefix: string, objects: ServedObjects): Promise<ServedModel> {
  const place = prefix.slice(0, -1);
  const [manifestKey, verdictKey, signatureKey] = [`${place}.manifest`, `${place}${VERDICT_SUFFIX}`, `${prefix}${SIGNATURE_NAME}`];
  // One list for all: manifest and verdict lie beside the prefix. A file that was written twice shows as well.
  const listed = await objects.list(place, 2 * MAX_FILES);
  const byKey = byKeyOf(listed);
  if (!byKey.has(manifestKey)) throw new DeployCheckError('MANIFEST_MISSING', `there is no manifest '${manifestKey}': promote the model again`);
  const manifest = onlyVersion(manifestKey, byKey);
  const entries = readManifest(await readSmall(manifest, objects), prefix);
  const isLater = byKey.has(signatureKey) && !entries.some(({ name }) => name === SIGNATURE_NAME);
  const known = new Set([manifestKey, verdictKey, ...(isLater ? [signatureKey] : [])]);
  return {
    manifest,
    files: matchFiles(entries, listed.filter(({ key }) => !known.has(key)), prefix),
    laterSignature: isLater ? onlyVersion(signatureKey, byKey) : undefined,
    verdict: byKey.has(verdictKey) ? onlyVersion(verdictKey, byKey) : undefined,
  };
}

/** The bytes of an object that is known to be small. @throws DeployCheckError NOT_READABLE */
export async function readSmall(version: ListedVersion, objects: ServedObjects): Promise<Buffer> {
  if (version.size > MAX_READ) throw new DeployCheckError('NOT_READABLE', `'${version.key}' has ${version.size} bytes; the limit is ${MAX_READ}`);
  return objects.read(version);
}
