import { realpath } from 'node:fs/promises';
import * as path from 'node:path';
import type { ArtifactStore } from '../models/ports/artifact-store';
import { ArtifactStoreError } from '../models/ports/artifact-store-error';
import { DirectoryArtifactStore } from '../models/ports/directory-artifact-store';
import { DEFAULT_MAX_BUNDLE_BYTES } from '../models/signing/bundle';
import { ignoredBeside } from '../models/signing/ignore-rules';
import { SIGNATURE_NAME } from '../models/signing/signature-name';
import { SigningError } from '../models/signing/signing-error';
import { CliError } from './cli-error';
import { readInput, shown, systemReason } from './input-file';

/**
 * Opens a model in a local directory or file, or below a prefix in S3.
 *
 * @throws CliError NOT_SUPPORTED for other addresses, USAGE, INPUT_UNREADABLE
 */
export async function openModel(location: string): Promise<ArtifactStore> {
  const [, scheme] = /^([a-z][a-z0-9+.-]*):\/\//i.exec(location) ?? [];
  if (scheme?.toLowerCase() === 's3') {
    const [, bucket, prefix = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/is.exec(location) ?? [];
    if (bucket === undefined) throw new CliError('USAGE', `${shown(location)} is no address in S3; give s3://bucket/prefix`);
    return (await import('./aws-access.js')).s3Store(bucket, prefix);
  }
  if (scheme) throw new CliError('NOT_SUPPORTED', `${shown(location)}: ${scheme}:// is not supported; give a local path or s3://bucket/prefix`);
  try {
    return await DirectoryArtifactStore.open(location);
  } catch (cause) {
    if (!(cause instanceof ArtifactStoreError)) throw cause;
    const why = cause.code === 'NOT_FOUND' ? systemReason(cause.cause) : 'is neither a directory nor a regular file';
    throw new CliError('INPUT_UNREADABLE', `model ${shown(location)} ${why}`, { cause });
  }
}

/** Whether a model lies in S3. */
export function isRemote(location: string): boolean {
  return /^s3:\/\//i.test(location);
}

/** Where the signature of a model lies. */
export interface BundlePlace {
  readonly file: string;
  /** Its name inside the model; `false` when it lies elsewhere. */
  readonly signatureName: string | false;
  /** Whether it is read through the store of the model. */
  readonly inStore: boolean;
}

/** @param given the user's `--bundle`; without it, the usual name inside the model */
export async function placeBundle(model: string, given: string | undefined): Promise<BundlePlace> {
  if (isRemote(model)) return { file: given ?? `${model.replace(/\/$/, '')}/${SIGNATURE_NAME}`, signatureName: SIGNATURE_NAME, inStore: given === undefined };
  if (given === undefined) return { file: path.join(model, SIGNATURE_NAME), signatureName: SIGNATURE_NAME, inStore: false };
  const directory = await realpath(path.dirname(path.resolve(given))).catch((cause: unknown) => {
    throw new CliError('INPUT_UNREADABLE', `the directory of the signature ${shown(given)} ${systemReason(cause)}`, { cause });
  });
  const file = path.join(directory, path.basename(given));
  return { file: given, signatureName: nameInside(await realpath(model), file) ?? false, inStore: false };
}

/** Reads the signature of a model, at most a byte more than a signature may have. @throws CliError INPUT_UNREADABLE */
export async function readBundle(store: ArtifactStore, { file, signatureName, inStore }: BundlePlace): Promise<Buffer> {
  if (!inStore) return readInput(file, 'signature', { maxBytes: DEFAULT_MAX_BUNDLE_BYTES, followLink: signatureName === false || isRemote(file) });
  try {
    for await (const artifact of store.list()) {
      if (artifact.name !== signatureName) continue;
      const chunks: Buffer[] = [];
      // Copied: a chunk is valid only until the next one.
      const range = { start: 0, end: Math.min(artifact.size, DEFAULT_MAX_BUNDLE_BYTES + 1) };
      for await (const chunk of store.read(artifact, range)) chunks.push(Buffer.from(chunk));
      return Buffer.concat(chunks);
    }
  } catch (cause) {
    throw new CliError('INPUT_UNREADABLE', `signature ${shown(file)} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
  throw new CliError('INPUT_UNREADABLE', `signature ${shown(file)} does not exist`, { cause: { code: 'ENOENT' } });
}

/** The name of a file inside a model, or `undefined` when it lies elsewhere. Both paths without links. */
export function nameInside(root: string, file: string): string | undefined {
  const relative = path.relative(root, file);
  if (relative === '' || path.isAbsolute(relative)) return undefined;
  const parts = relative.split(path.sep);
  return parts[0] === '..' ? undefined : parts.join('/');
}

/** The user's `--ignore-paths`, canonical. @throws CliError USAGE */
export function ignorePathsOf(given: readonly string[], signatureName: string | false): string[] {
  const paths = given.map((one) => one.replace(/^(\.\/)+/, '').replace(/\/+$/, ''));
  try {
    ignoredBeside(signatureName, paths);
    return paths;
  } catch (cause) {
    if (!(cause instanceof SigningError)) throw cause;
    throw new CliError('USAGE', `--ignore-paths: ${cause.message}; give paths inside the model, such as training/logs`, { cause });
  }
}
