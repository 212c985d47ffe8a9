import { createHash } from 'node:crypto';
import { SIGNATURE_NAME } from '../signing/signature-name';
import { treeDigest } from '../signing/tree-digest';
import { PromotionError } from './promotion-error';
import type { PromotionObject, PromotionRequest } from './promotion-request';
import { SCAN_STATUS_CLEAN, SCAN_STATUS_TAG } from './scan-status';
import { SERVED_PREFIX, VERDICT_SUFFIX } from './served-prefix';

/** The quarantine zone, read by exact version. */
export interface QuarantineSource {
  tags(object: PromotionObject): Promise<ReadonlyMap<string, string>>;
  read(object: PromotionObject): Promise<{ readonly size: number; readonly body: AsyncIterable<Uint8Array> }>;
}

/** The served store, written once for each key. */
export interface ServedTarget {
  /** Copies a version; `existed` when the key was there already: the prefix names files and contents, so it holds the same. */
  copy(object: PromotionObject, size: number, targetKey: string): Promise<'copied' | 'existed'>;
  /** Writes a small text; `existed` as for `copy`. */
  write(text: string, targetKey: string): Promise<'copied' | 'existed'>;
}

/** A signed verdict that is clean. */
export interface CleanVerdict {
  readonly files: readonly { readonly name: string; readonly sha256: string }[];
  /** The signed verdict itself. */
  readonly bundle: Buffer;
}

/** What a scanner says of versions in quarantine. */
export interface VerdictSource {
  /**
   * The verdict on exactly these versions, when it is clean.
   *
   * @throws PromotionError NO_VERDICT, VERDICT_INVALID or NOT_CLEAN
   */
  cleanVerdict(objects: readonly PromotionObject[]): Promise<CleanVerdict>;
}

/** What was promoted, and to where. */
export interface Promotion {
  readonly model: string;
  /** The root digest of the contents, as a model signature names it: SHA-256 over the digests in code-point order of the names. */
  readonly digest: string;
  /** The prefix under which the files are served; it ends in the SHA-256 of the manifest, and so names contents and names. */
  readonly prefix: string;
  /** The key of the manifest, in the form of `sha256sum`. It is written last: a prefix without it is not complete. */
  readonly manifest: string;
  readonly objects: readonly { readonly name: string; readonly sha256: string; readonly size: number; readonly outcome: 'copied' | 'existed' }[];
}

/**
 * Moves a model from quarantine to where it is served: clean, by exact version, under the digest of its content.
 *
 * Every file is judged and hashed before the first one is copied, so that a refusal leaves nothing behind. A run that is cut off leaves
 * files without a manifest; the next one completes them.
 *
 * @param verdicts left out where the malware scan's tag alone decides
 * @throws PromotionError
 */
export async function promoteModel(
  request: PromotionRequest, source: QuarantineSource, target: ServedTarget, verdicts?: VerdictSource,
): Promise<Promotion> {
  const judged = await verdicts?.cleanVerdict(request.objects);
  for (const object of request.objects) await requireClean(object, source);
  const hashed = [];
  for (const object of request.objects) hashed.push({ object, name: object.name, ...(await hash(object, source)) });
  // The root digest says nothing of names: two sets of files with equal contents must not share a prefix.
  const manifest = manifestOf(hashed);
  if (judged && manifestOf(judged.files) !== manifest) throw new PromotionError('VERDICT_INVALID', 'the verdict is about other contents than these versions have');
  // No signature is about itself.
  const digest = treeDigest(hashed.filter(({ name }) => name !== SIGNATURE_NAME).map(({ sha256 }) => sha256));
  if (request.expectedDigest !== undefined && request.expectedDigest !== digest) {
    throw new PromotionError('DIGEST_MISMATCH', `the files of '${request.model}' have the root digest ${digest}, expected was ${request.expectedDigest}`);
  }
  const place = `${SERVED_PREFIX}${request.model}/sha256-${createHash('sha256').update(manifest).digest('hex')}`;
  const objects = [];
  for (const { object, name, sha256, size } of hashed) {
    objects.push({ name, sha256, size, outcome: await target.copy(object, size, `${place}/${name}`) });
  }
  // A deployment asks for it, long after the upload and what named it are gone.
  if (judged) await target.write(judged.bundle.toString('utf8'), `${place}${VERDICT_SUFFIX}`);
  await target.write(manifest, `${place}.manifest`);
  return { model: request.model, digest, prefix: `${place}/`, manifest: `${place}.manifest`, objects };
}

function manifestOf(files: readonly { readonly name: string; readonly sha256: string }[]): string {
  return files.map(({ name, sha256 }) => `${sha256}  ${name}\n`).join('');
}

async function requireClean(object: PromotionObject, source: QuarantineSource): Promise<void> {
  const status = (await source.tags(object)).get(SCAN_STATUS_TAG);
  if (status !== SCAN_STATUS_CLEAN) {
    throw new PromotionError('NOT_CLEAN', `'${object.key}' version ${object.versionId} has the scan status ${status ?? 'none'}, needed is ${SCAN_STATUS_CLEAN}`);
  }
}

async function hash(object: PromotionObject, source: QuarantineSource): Promise<{ sha256: string; size: number }> {
  const { size, body } = await source.read(object);
  const digest = createHash('sha256');
  let seen = 0;
  for await (const chunk of body) {
    digest.update(chunk);
    seen += chunk.byteLength;
  }
  if (seen !== size) throw new PromotionError('TRUNCATED', `'${object.key}' version ${object.versionId} ended after ${seen} of ${size} bytes`);
  return { sha256: digest.digest('hex'), size };
}
