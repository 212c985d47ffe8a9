import { realpath } from 'node:fs/promises';
import * as path from 'node:path';
import { ArtifactStoreError } from '../models/ports/artifact-store-error';
import { DirectoryArtifactStore } from '../models/ports/directory-artifact-store';
import { ignoredBeside, SIGNATURE_NAME } from '../models/signing/ignore-rules';
import { SigningError } from '../models/signing/signing-error';
import { CliError } from './cli-error';
import { shown, systemReason } from './input-file';

/**
 * Opens a local model.
 *
 * @throws CliError NOT_SUPPORTED for addresses, INPUT_UNREADABLE
 */
export async function openModel(location: string): Promise<DirectoryArtifactStore> {
  const [, scheme] = /^([a-z][a-z0-9+.-]*):\/\//i.exec(location) ?? [];
  if (scheme?.toLowerCase() === 's3') {
    throw new CliError('NOT_SUPPORTED', `${shown(location)}: s3:// is not supported yet; copy the model to a directory and give that`);
  }
  if (scheme) throw new CliError('NOT_SUPPORTED', `${shown(location)}: ${scheme}:// is not supported; give a local directory or file`);
  try {
    return await DirectoryArtifactStore.open(location);
  } catch (cause) {
    if (!(cause instanceof ArtifactStoreError)) throw cause;
    const why = cause.code === 'NOT_FOUND' ? systemReason(cause.cause) : 'is neither a directory nor a regular file';
    throw new CliError('INPUT_UNREADABLE', `model ${shown(location)} ${why}`, { cause });
  }
}

/** Where the signature of a model lies. */
export interface BundlePlace {
  readonly file: string;
  /** Its name inside the model; `false` when it lies elsewhere. */
  readonly signatureName: string | false;
}

/** @param given the user's `--bundle`; without it, the usual name inside the model */
export async function placeBundle(model: string, given: string | undefined): Promise<BundlePlace> {
  if (given === undefined) return { file: path.join(model, SIGNATURE_NAME), signatureName: SIGNATURE_NAME };
  const directory = await realpath(path.dirname(path.resolve(given))).catch((cause: unknown) => {
    throw new CliError('INPUT_UNREADABLE', `the directory of the signature ${shown(given)} ${systemReason(cause)}`, { cause });
  });
  const file = path.join(directory, path.basename(given));
  return { file: given, signatureName: nameInside(await realpath(model), file) ?? false };
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
