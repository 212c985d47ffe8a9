import type { RecordStore } from '../gate/record-store';
import { SIGNATURE_NAME } from '../signing/ignore-rules';
import type { TrustPolicy } from '../signing/trust-policy';
import { checkFiles, matchFiles, onlyVersion, type ServedFile } from './check-objects';
import { DeployCheckError } from './deploy-check-error';
import { latestDecision, rootDigestOf } from './latest-summary';
import { MAX_FILES, readManifest } from './manifest';
import type { ServedObjects } from './served-objects';

/** What may be deployed. */
export interface DeploySettings {
  readonly servedBucket: string;
  readonly gate: string;
  /** Unit: seconds. @default - any age */
  readonly maxAgeSeconds?: number;
}

/** What the check takes from outside. */
export interface DeployPorts {
  readonly objects: ServedObjects;
  readonly records: RecordStore;
  /** Who signs the gate's decisions. */
  readonly trust: () => Promise<TrustPolicy>;
  readonly now: () => Date;
}

/** Small files that are read whole. Unit: bytes. */
const MAX_READ = 32 * 1024 * 1024;

/**
 * Makes sure that what lies below a prefix is a model that the gate passed, and nothing else, without reading its weights: the prefix names
 * the manifest, the manifest names the files, S3 stored their checksums, and the gate's latest signed decision is about this very prefix.
 *
 * @throws DeployCheckError
 */
export async function checkDeployment(
  prefix: string, settings: DeploySettings, ports: DeployPorts,
): Promise<{ readonly files: number; readonly decidedAt: Date }> {
  const { objects, records, now } = ports;
  const files = await findFiles(prefix, objects);
  const signature = files.find(({ name }) => name === SIGNATURE_NAME);
  if (!signature) throw new DeployCheckError('SIGNATURE_MISSING', `the model has no ${SIGNATURE_NAME}`);
  const decidedAt = await latestDecision({
    rootDigest: rootDigestOf(await readSmall(signature.version, objects)),
    gate: settings.gate,
    resourceUri: `s3://${settings.servedBucket}/${prefix}`,
    trust: await ports.trust(),
    now: now(),
    ...(settings.maxAgeSeconds === undefined ? {} : { maxAgeSeconds: settings.maxAgeSeconds }),
  }, records);
  await checkFiles(files, decidedAt, objects);
  return { files: files.length, decidedAt };
}

/** The files of a promoted model, each in its only version, and nothing beside them. @throws DeployCheckError */
export async function findFiles(prefix: string, objects: ServedObjects): Promise<ServedFile[]> {
  const manifestKey = `${prefix.slice(0, -1)}.manifest`;
  // One list for both: the manifest lies beside the prefix. A file that was written twice shows as well.
  const listed = await objects.list(prefix.slice(0, -1), 2 * MAX_FILES);
  const manifests = listed.filter(({ key }) => key === manifestKey);
  if (manifests.length === 0) throw new DeployCheckError('MANIFEST_MISSING', `there is no manifest '${manifestKey}': promote the model again`);
  const manifest = await readSmall(onlyVersion(manifestKey, new Map([[manifestKey, manifests]])), objects);
  return matchFiles(readManifest(manifest, prefix), listed.filter(({ key }) => key !== manifestKey), prefix);
}

async function readSmall(version: Parameters<ServedObjects['read']>[0], objects: ServedObjects): Promise<Buffer> {
  if (version.size > MAX_READ) throw new DeployCheckError('NOT_READABLE', `'${version.key}' has ${version.size} bytes; the limit is ${MAX_READ}`);
  return objects.read(version);
}
