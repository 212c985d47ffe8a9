import { GetPublicKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { createPublicKey } from 'node:crypto';
import { requireEnvironment } from '../core/handler-environment';
import { S3RecordReader } from './gate/s3-record-reader';
import { NO_SCANNER, PROMOTE_ENV } from './promote.contract';
import type { Promotion } from './promote/promote-model';
import { promoteModel } from './promote/promote-model';
import { PromotionError } from './promote/promotion-error';
import type { PromotionRequest } from './promote/promotion-request';
import { toPromotionRequest } from './promote/promotion-request';
import { S3Quarantine } from './promote/s3-quarantine';
import { S3Served } from './promote/s3-served';
import { SignedVerdicts } from './scan/signed-verdicts';
import { publicKeyPem } from './signing/elliptic-key';

const s3 = new S3Client({});
const kms = new KMSClient({});

/** Promotes one model; see `promoteModel`. */
export async function handler(event: unknown): Promise<Promotion> {
  const quarantine = requireEnvironment(PROMOTE_ENV.QUARANTINE_BUCKET);
  const served = requireEnvironment(PROMOTE_ENV.SERVED_BUCKET);
  const verdicts = verdictsOn(quarantine);
  const request = await requestOf(event, verdicts);
  const promotion = await promoteModel(request, new S3Quarantine(s3, quarantine), new S3Served(s3, quarantine, served), verdicts);
  console.log(JSON.stringify({ promoted: promotion.prefix, objects: promotion.objects.length }));
  return promotion;
}

/** An event names the files itself, or the signed verdict that does: a state machine could not carry them all. */
async function requestOf(event: unknown, verdicts: SignedVerdicts | undefined): Promise<PromotionRequest> {
  if (typeof event !== 'object' || event === null || !Object.hasOwn(event, 'verdict')) return toPromotionRequest(event);
  const { verdict, ...rest } = event as Record<string, unknown>;
  if (!verdicts) throw new PromotionError('INVALID_REQUEST', 'there is no scanner whose verdict could be named: give the objects');
  const files = await verdicts.cleanUpload(String(verdict));
  return toPromotionRequest({ ...rest, objects: files.map(({ name, key, versionId }) => ({ name, key, versionId })) });
}

function verdictsOn(quarantine: string): SignedVerdicts | undefined {
  const bucket = requireEnvironment(PROMOTE_ENV.VERDICTS_BUCKET);
  const KeyId = requireEnvironment(PROMOTE_ENV.VERDICT_KEY_ARN);
  if (bucket === NO_SCANNER && KeyId === NO_SCANNER) return undefined;
  return new SignedVerdicts(quarantine, new S3RecordReader(s3, bucket), async () => {
    const { PublicKey = new Uint8Array() } = await kms.send(new GetPublicKeyCommand({ KeyId }));
    return publicKeyPem(createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' }));
  });
}
