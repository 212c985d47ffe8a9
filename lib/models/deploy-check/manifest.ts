import { createHash } from 'node:crypto';
import { artifactNameProblem } from '../signing/artifact-name';
import { DeployCheckError } from './deploy-check-error';

/** One file of a promoted model. */
export interface ManifestEntry {
  readonly name: string;
  /** SHA-256 of its bytes, in hexadecimal. */
  readonly sha256: string;
}

/** Files of one model: the promoter takes no more. */
export const MAX_FILES = 1000;

/**
 * The manifest that a promotion wrote, in the form of `sha256sum`. The prefix ends in its digest, so nobody can change it and leave the
 * prefix as it is.
 *
 * @throws DeployCheckError MANIFEST_CHANGED
 */
export function readManifest(bytes: Uint8Array, prefix: string): ManifestEntry[] {
  const digest = createHash('sha256').update(bytes).digest('hex');
  if (!prefix.endsWith(`/sha256-${digest}/`)) throw changed(`the manifest beside '${prefix}' has the SHA-256 ${digest}`);
  const text = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true }).decode(bytes);
  const lines = text.split('\n');
  // Each line ends with a line feed, the last one too.
  if (lines.pop() !== '' || lines.length === 0 || lines.length > MAX_FILES) throw changed(`the manifest has no 1 to ${MAX_FILES} whole lines`);
  const entries = lines.map((line) => {
    const [, sha256 = '', name = ''] = /^([0-9a-f]{64}) {2}(.+)$/s.exec(line) ?? [];
    const problem = sha256 === '' ? 'is none of the form of sha256sum' : artifactNameProblem(name);
    if (problem) throw changed(`a line of the manifest ${problem}`);
    return { name, sha256 };
  });
  if (new Set(entries.map(({ name }) => name)).size !== entries.length) throw changed('the manifest names a file twice');
  return entries;
}

function changed(message: string): DeployCheckError {
  return new DeployCheckError('MANIFEST_CHANGED', message);
}
