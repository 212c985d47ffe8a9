import { randomBytes } from 'node:crypto';
import { link, lstat, open, rename, rm } from 'node:fs/promises';
import * as path from 'node:path';
import { CliError } from './cli-error';
import { shown, systemReason } from './input-file';

/** @throws CliError OUTPUT_EXISTS */
export async function assertAbsent(file: string, what: string): Promise<void> {
  const stats = await lstat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new CliError('OUTPUT_FAILED', `${what} ${shown(file)} ${systemReason(error)}`, { cause: error });
  });
  if (stats) throw exists(file, what);
}

/**
 * Writes a file whole or not at all: under another name first, then in its place. A link in its place is replaced, not followed.
 *
 * @throws CliError OUTPUT_EXISTS without `replace`, or OUTPUT_FAILED
 */
export async function writeOutput(file: string, content: Uint8Array, what: string, replace: boolean): Promise<void> {
  const draft = path.join(path.dirname(file), `.${path.basename(file)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    const handle = await open(draft, 'wx', 0o644);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (replace) await rename(draft, file);
    // Fails where a file came into being since the first look; a rename would replace it.
    else await link(draft, file);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') throw exists(file, what);
    throw new CliError('OUTPUT_FAILED', `${what} ${shown(file)} ${systemReason(cause)}`, { cause });
  } finally {
    await rm(draft, { force: true });
  }
}

function exists(file: string, what: string): CliError {
  return new CliError('OUTPUT_EXISTS', `${what} ${shown(file)} exists already; --force replaces it`);
}
