import { createHash } from 'node:crypto';
import type { PromotionObject } from '../promote/promotion-request';

/** One id for the same versions of the same objects, whoever asks: what was said of them once need not be found again. */
export function uploadId(bucket: string, objects: readonly PromotionObject[]): string {
  // As JSON, no two different lists are one text.
  return createHash('sha256').update(JSON.stringify([bucket, ...objects.map(({ name, key, versionId }) => [name, key, versionId])])).digest('hex');
}
