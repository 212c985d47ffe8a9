import type { QuarantineSource } from '../promote/promote-model';
import { PromotionError } from '../promote/promotion-error';
import type { PromotionRequest } from '../promote/promotion-request';
import { toPromotionRequest } from '../promote/promotion-request';
import { SigningError } from '../signing/signing-error';
import { parseStrictJson } from '../signing/strict-json';
import { UploadError } from './upload-error';

/** The manifest of an upload: one version of one object of the quarantine zone. */
export interface UploadReference {
  readonly key: string;
  readonly versionId: string;
}

/** A thousand files, each with the longest name, key and version that S3 takes. Unit: bytes. */
const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;

/**
 * Reads which upload an event is about; the event is hostile until it has passed here.
 *
 * @throws UploadError INVALID_EVENT
 */
export function toUploadReference(event: unknown): UploadReference {
  const { key, versionId, ...rest } = (typeof event === 'object' && event !== null ? event : {}) as Record<string, unknown>;
  if (typeof key !== 'string' || key === '' || Buffer.byteLength(key) > 1024) throw new UploadError('INVALID_EVENT', 'key must be a string of 1 to 1024 bytes');
  if (typeof versionId !== 'string' || !/^[\w.\-+/=]{1,1024}$/.test(versionId) || versionId === 'null') {
    throw new UploadError('INVALID_EVENT', 'versionId must name an exact version');
  }
  if (Object.keys(rest).length > 0) throw new UploadError('INVALID_EVENT', 'the event has more fields than key and versionId');
  return { key, versionId };
}

/**
 * Reads the manifest of an upload: the request for its promotion.
 *
 * It names objects below its own folder only, so that who may upload to one folder promotes nothing of another.
 *
 * @throws UploadError INVALID_MANIFEST, or what the source throws
 */
export async function readUpload(reference: UploadReference, source: QuarantineSource): Promise<PromotionRequest> {
  const upload = parseManifest(await manifestBytes(reference, source));
  const folder = reference.key.slice(0, reference.key.lastIndexOf('/') + 1);
  const foreign = upload.objects.find(({ key }) => folder === '' || !key.startsWith(folder) || key === reference.key);
  if (foreign) {
    throw new UploadError('INVALID_MANIFEST', `objects must be below the manifest's own folder, and not the manifest, got ${JSON.stringify(foreign.key).slice(0, 200)}`);
  }
  return upload;
}

async function manifestBytes({ key, versionId }: UploadReference, source: QuarantineSource): Promise<Buffer> {
  const { size, body } = await source.read({ name: key, key, versionId });
  if (size > MAX_MANIFEST_BYTES) throw new UploadError('INVALID_MANIFEST', `the manifest has ${size} bytes; the limit is ${MAX_MANIFEST_BYTES}`);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > MAX_MANIFEST_BYTES) throw new UploadError('INVALID_MANIFEST', `the manifest has more than ${MAX_MANIFEST_BYTES} bytes`);
    chunks.push(Buffer.from(chunk));
  }
  return Buffer.concat(chunks);
}

function parseManifest(bytes: Buffer): PromotionRequest {
  try {
    // Readers differ on which of two equal keys counts.
    parseStrictJson(bytes);
    return toPromotionRequest(JSON.parse(bytes.toString('utf8')));
  } catch (cause) {
    if (!(cause instanceof SigningError) && !(cause instanceof PromotionError)) throw cause;
    throw new UploadError('INVALID_MANIFEST', `the manifest is refused: ${cause.message}`, { cause });
  }
}
