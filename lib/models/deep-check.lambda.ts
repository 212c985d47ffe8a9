import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { S3Client } from '@aws-sdk/client-s3';
import { FindingBus } from '../core/finding-bus';
import { requireEnvironment } from '../core/handler-environment';
import { DEEP_CHECK_ENV, type DeepCheckEvent } from './deep-check.contract';
import { hashVersion } from './deep-check/hash-version';
import { rehashModels, type DeepCheckCursor } from './deep-check/rehash-models';
import { S3ServedObjects } from './deploy-check/s3-served-objects';

const s3 = new S3Client({});
const events = new EventBridgeClient({});

/** Kept for what comes after the last byte. Unit: milliseconds. */
const RESERVE_MS = 30_000;
/** A file is begun as long as this share of the run is left: it may be read within the next run as a whole otherwise. */
const BEGIN_MS = 300_000;

/** Reads served models again, as far as one run goes; see `rehashModels`. */
export async function handler(
  { prefixes, cursor }: DeepCheckEvent, context: { getRemainingTimeInMillis(): number },
): Promise<DeepCheckCursor> {
  const bucket = requireEnvironment(DEEP_CHECK_ENV.SERVED_BUCKET);
  const reached = await rehashModels(prefixes, cursor, {
    objects: new S3ServedObjects(s3, bucket),
    hash: (version) => hashVersion(s3, bucket, version, () => context.getRemainingTimeInMillis() < RESERVE_MS),
    hasTime: () => context.getRemainingTimeInMillis() > BEGIN_MS,
    findings: new FindingBus(events, requireEnvironment(DEEP_CHECK_ENV.FINDING_BUS)),
    now: () => Date.now(),
    modelArnPrefix: requireEnvironment(DEEP_CHECK_ENV.MODEL_ARN_PREFIX),
  });
  console.log(JSON.stringify({ models: prefixes.length, ...reached }));
  return reached;
}
