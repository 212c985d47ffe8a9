import { createHash } from 'node:crypto';
import { quoted } from '../signing/signing-error';
import { DeployCheckError } from './deploy-check-error';
import type { ManifestEntry } from './manifest';
import type { ListedVersion, ServedObjects, StoredChecksum } from './served-objects';

/** A file of the manifest with the one version in which it lies there. */
export interface ServedFile extends ManifestEntry {
  readonly version: ListedVersion;
}

/** Checksums that are asked for at the same time. */
const CONCURRENCY = 16;

/**
 * Finds exactly the files of a manifest below its prefix, each in its only version.
 *
 * @throws DeployCheckError OBJECT_EXTRA, OBJECT_MISSING or OBJECT_REWRITTEN
 */
export function matchFiles(entries: readonly ManifestEntry[], listed: readonly ListedVersion[], prefix: string): ServedFile[] {
  const byKey = byKeyOf(listed);
  const known = new Set(entries.map(({ name }) => `${prefix}${name}`));
  const extra = [...byKey.keys()].find((key) => !known.has(key));
  if (extra !== undefined) throw new DeployCheckError('OBJECT_EXTRA', `${quoted(extra)} is not in the manifest`);
  return entries.map((entry) => ({ ...entry, version: onlyVersion(`${prefix}${entry.name}`, byKey) }));
}

/** All versions of each key. */
export function byKeyOf(listed: readonly ListedVersion[]): ReadonlyMap<string, readonly ListedVersion[]> {
  const byKey = new Map<string, ListedVersion[]>();
  for (const version of listed) byKey.set(version.key, [...(byKey.get(version.key) ?? []), version]);
  return byKey;
}

/** @throws DeployCheckError OBJECT_MISSING or OBJECT_REWRITTEN */
export function onlyVersion(key: string, byKey: ReadonlyMap<string, readonly ListedVersion[]>): ListedVersion {
  const [version, ...others] = byKey.get(key) ?? [];
  if (!version) throw new DeployCheckError('OBJECT_MISSING', `${quoted(key)} is not there`);
  // Each key is written once: a second version, or a marker, came past the store's guards.
  if (others.length > 0 || version.isDeleteMarker || !version.isLatest || version.versionId === 'null') {
    throw new DeployCheckError('OBJECT_REWRITTEN', `${quoted(key)} has ${others.length + 1} versions or a delete marker; the promoter writes each key once`);
  }
  return version;
}

/**
 * Compares what S3 stored with each file when it was written with the manifest, without reading the bytes again.
 *
 * A file that was written as one piece or one part is tied to the manifest by the checksum itself. Of a file in several parts S3 keeps the
 * checksum over those of the parts; that it is the file which the gate read is shown by its being the only version, written before the
 * gate decided.
 *
 * @throws DeployCheckError OBJECT_REWRITTEN, CHECKSUM_MISSING or CHECKSUM_MISMATCH
 */
export async function checkFiles(files: readonly ServedFile[], decidedAt: Date, objects: ServedObjects): Promise<void> {
  for (const { version } of files) assertBefore(version, decidedAt);
  for (let at = 0; at < files.length; at += CONCURRENCY) {
    await Promise.all(files.slice(at, at + CONCURRENCY).map(async (file) => assertChecksum(file, await objects.checksum(file.version))));
  }
}

/** @throws DeployCheckError OBJECT_REWRITTEN */
export function assertBefore({ key, lastModified }: ListedVersion, decidedAt: Date): void {
  if (!(lastModified.getTime() <= decidedAt.getTime())) throw new DeployCheckError('OBJECT_REWRITTEN', `${quoted(key)} was written after the gate decided`);
}

function assertChecksum({ name, sha256, version }: ServedFile, stored: StoredChecksum): void {
  const mismatch = (what: string) => new DeployCheckError('CHECKSUM_MISMATCH', `${quoted(name)} ${what}`);
  if (stored.size !== version.size) throw mismatch(`has ${stored.size} bytes, listed were ${version.size}`);
  if (stored.sha256 === undefined) throw new DeployCheckError('CHECKSUM_MISSING', `S3 keeps no SHA-256 of ${quoted(name)}: promote the model again`);
  if (!stored.parts) {
    if (stored.sha256 !== base64Of(sha256)) throw mismatch('is stored with another SHA-256 than the manifest has');
    return;
  }
  const sums = stored.parts.map((part) => part.sha256);
  if (sums.length === 0 || sums.some((sum) => sum === undefined)) {
    throw new DeployCheckError('CHECKSUM_MISSING', `S3 keeps no SHA-256 of a part of ${quoted(name)}: promote the model again`);
  }
  const overParts = createHash('sha256');
  for (const sum of sums) overParts.update(Buffer.from(sum!, 'base64'));
  if (overParts.digest('base64') !== stored.sha256) throw mismatch('is stored with parts that do not lead to its SHA-256');
  if (stored.parts.reduce((sum, { size }) => sum + size, 0) !== stored.size) throw mismatch('is stored with parts of another length');
  if (sums.length === 1 && sums[0] !== base64Of(sha256)) throw mismatch('is stored with another SHA-256 than the manifest has');
}

function base64Of(hex: string): string {
  return Buffer.from(hex, 'hex').toString('base64');
}
