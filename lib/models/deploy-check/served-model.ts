import { readEnvelope } from '../signing/envelope';
import { SIGNATURE_NAME } from '../signing/ignore-rules';
import { JsonShape } from '../signing/json-shape';
import { assertRootDigest, readModelStatement } from '../signing/model-statement';
import { SigningError } from '../signing/signing-error';
import { parseStrictJson } from '../signing/strict-json';
import { VERDICT_SUFFIX } from '../promote/served-prefix';
import { byKeyOf, matchFiles, onlyVersion, type ServedFile } from './check-objects';
import { DeployCheckError } from './deploy-check-error';
import { MAX_FILES, type ManifestEntry, readManifest } from './manifest';
import type { ListedVersion, ServedObjects } from './served-objects';

/** A promoted model as it lies there, each object in its only version, and nothing beside them. */
export interface ServedModel {
  readonly manifest: ListedVersion;
  /** The files that the manifest names. */
  readonly files: readonly ServedFile[];
  /** The signature that was made after the promotion; undefined: the model brought its own, or has none. */
  readonly laterSignature: LaterSignature | undefined;
  /** The signed verdict that the promoter left beside the manifest; undefined: it needed none. */
  readonly verdict: ListedVersion | undefined;
}

/** A signature which the manifest cannot name, since it was made of the files that the manifest names. */
export interface LaterSignature {
  readonly version: ListedVersion;
  readonly bytes: Buffer;
}

/** Small files that are read whole. Unit: bytes. */
const MAX_READ = 32 * 1024 * 1024;

/**
 * Finds a promoted model below its prefix. The manifest names every file but a signature that was made later: that one must be about
 * exactly the files of the manifest.
 *
 * @throws DeployCheckError a MANIFEST or OBJECT code, SIGNATURE_MISMATCH, or NOT_READABLE
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
    laterSignature: isLater ? await readLaterSignature(onlyVersion(signatureKey, byKey), entries, objects) : undefined,
    verdict: byKey.has(verdictKey) ? onlyVersion(verdictKey, byKey) : undefined,
  };
}

/** The bytes of an object that is known to be small. @throws DeployCheckError NOT_READABLE */
export async function readSmall(version: ListedVersion, objects: ServedObjects): Promise<Buffer> {
  if (version.size > MAX_READ) throw new DeployCheckError('NOT_READABLE', `'${version.key}' has ${version.size} bytes; the limit is ${MAX_READ}`);
  return objects.read(version);
}

async function readLaterSignature(version: ListedVersion, entries: readonly ManifestEntry[], objects: ServedObjects): Promise<LaterSignature> {
  const bytes = await readSmall(version, objects);
  const signed = new Set(signedFiles(bytes));
  if (signed.size !== entries.length || !entries.every((entry) => signed.has(lineOf(entry)))) {
    throw new DeployCheckError('SIGNATURE_MISMATCH', 'the signature is not about the files that the manifest names');
  }
  return { version, bytes };
}

/** The files of a signature as lines of a manifest. Whether it is valid was for the gate to say. */
function signedFiles(bytes: Buffer): string[] {
  try {
    const { payload } = readEnvelope(JsonShape.of(parseStrictJson(bytes), 'bundle').object('dsseEnvelope'));
    const statement = readModelStatement(payload);
    assertRootDigest(statement);
    if (statement.algorithm !== 'sha256' || statement.shardSize !== undefined) return [];
    return statement.resources.map(({ path, digest }) => lineOf({ name: path, sha256: digest }));
  } catch (cause) {
    if (!(cause instanceof SigningError)) throw cause;
    throw new DeployCheckError('SIGNATURE_MISMATCH', `the signature cannot be read: ${cause.message}`, { cause });
  }
}

function lineOf({ name, sha256 }: ManifestEntry): string {
  return `${sha256}  ${name}`;
}
