import { S3Client } from '@aws-sdk/client-s3';
import { requireEnvironment } from '../core/handler-environment';
import { PROMOTE_ENV } from './promote.contract';
import type { Promotion } from './promote/promote-model';
import { promoteModel } from './promote/promote-model';
import { toPromotionRequest } from './promote/promotion-request';
import { S3Quarantine, S3Served } from './promote/s3-stores';

const s3 = new S3Client({});

/** Promotes one model; see `promoteModel`. */
export async function handler(event: unknown): Promise<Promotion> {
  const quarantine = requireEnvironment(PROMOTE_ENV.QUARANTINE_BUCKET);
  const served = requireEnvironment(PROMOTE_ENV.SERVED_BUCKET);
  const promotion = await promoteModel(toPromotionRequest(event), new S3Quarantine(s3, quarantine), new S3Served(s3, quarantine, served));
  console.log(JSON.stringify({ promoted: promotion.prefix, objects: promotion.objects.length }));
  return promotion;
}
