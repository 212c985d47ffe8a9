import type { RecordStore } from '../gate/record-store';
import { SIGNATURE_NAME } from '../signing/signature-name';
import type { TrustPolicy } from '../signing/trust-policy';
import { assertBefore, checkFiles } from './check-objects';
import { checkVerdict } from './check-verdict';
import { DeployCheckError } from './deploy-check-error';
import { latestDecision, rootDigestOf } from './latest-summary';
import { readLaterSignature } from './later-signature';
import { findModel, readSmall, type ServedModel } from './served-model';
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
  /** The public key of the store's scanner, SPKI in PEM. @default - the store has no scanner, so there is no verdict */
  readonly scannerKey?: () => Promise<string>;
  readonly now: () => Date;
}

/**
 * Makes sure that what lies below a prefix is a model that the gate passed, and nothing else, without reading its weights: the prefix names
 * the manifest, the manifest names the files, S3 stored their checksums, the scanner signed that they are clean, and the gate's latest
 * signed decision is about this very prefix.
 *
 * @throws DeployCheckError
 */
export async function checkDeployment(
  prefix: string, settings: DeploySettings, ports: DeployPorts,
): Promise<{ readonly files: number; readonly decidedAt: Date }> {
  const { objects, records, now, scannerKey } = ports;
  const model = await findModel(prefix, objects);
  const { files, laterSignature } = model;
  if (scannerKey) await checkVerdict(model, scannerKey, objects);
  const decidedAt = await latestDecision({
    rootDigest: rootDigestOf(await signatureOf(model, objects)),
    gate: settings.gate,
    resourceUri: `s3://${settings.servedBucket}/${prefix}`,
    trust: await ports.trust(),
    now: now(),
    ...(settings.maxAgeSeconds === undefined ? {} : { maxAgeSeconds: settings.maxAgeSeconds }),
  }, records);
  if (laterSignature) assertBefore(laterSignature, decidedAt);
  await checkFiles(files, decidedAt, objects);
  return { files: files.length, decidedAt };
}

/** What is signed after the promotion lies beside the files of the manifest; what was signed before is one of them. */
async function signatureOf(model: ServedModel, objects: ServedObjects): Promise<Buffer> {
  const later = await readLaterSignature(model, objects);
  if (later) return later;
  const own = model.files.find(({ name }) => name === SIGNATURE_NAME);
  if (!own) throw new DeployCheckError('SIGNATURE_MISSING', `the model has no ${SIGNATURE_NAME}`);
  return readSmall(own.version, objects);
}
