import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { CliError } from './cli-error';

/** Keys, certificates and trust stores are far smaller. Unit: bytes. */
const MAX_BYTES = 1024 * 1024;

export interface InputOptions {
  /** Read at most one byte more than this. Unit: bytes. @default 1 MiB */
  readonly maxBytes?: number;

  /** Whether the file itself may be a link. Not so inside a model. @default true */
  readonly followLink?: boolean;
}

/**
 * Reads a small file that the user named.
 *
 * @param what how messages call it, as `public key`
 * @returns at most `maxBytes` and one more, by which the caller sees that there is more
 * @throws CliError INPUT_UNREADABLE
 */
export async function readInput(file: string, what: string, options: InputOptions = {}): Promise<Buffer> {
  const { maxBytes = MAX_BYTES, followLink = true } = options;
  const handle = await openInput(file, what, followLink);
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) {
      throw new CliError('INPUT_UNREADABLE', `${what} ${shown(file)} is ${stats.isDirectory() ? 'a directory' : 'no regular file'}; a file is expected`);
    }
    const buffer = Buffer.alloc(Math.min(stats.size, maxBytes + 1));
    let length = 0;
    while (length < buffer.length) {
      const { bytesRead } = await handle.read(buffer, length, buffer.length - length, length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return buffer.subarray(0, length);
  } finally {
    await handle.close();
  }
}

/** Reads a text file such as a PEM. @throws CliError INPUT_UNREADABLE, or INPUT_INVALID when it is too large to be one */
export async function readTextInput(file: string, what: string): Promise<string> {
  const bytes = await readInput(file, what);
  if (bytes.length > MAX_BYTES) throw new CliError('INPUT_INVALID', `${what} ${shown(file)} is larger than ${MAX_BYTES} bytes`);
  return bytes.toString('utf8');
}

/** Why the file system refused, in words. */
export function systemReason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOENT': return 'does not exist';
    case 'EACCES': case 'EPERM': return 'may not be accessed';
    case 'ENOTDIR': return 'has a file where a directory is expected';
    case 'ELOOP': return 'is a symbolic link, which is not followed';
    case 'ENOSPC': return 'does not fit: no space is left';
    case 'EROFS': return 'is on a read-only file system';
    default: return `cannot be accessed (${code ?? message})`;
  }
}

/** A path as messages show it. */
export function shown(file: string): string {
  return JSON.stringify(file);
}

async function openInput(file: string, what: string, followLink: boolean): Promise<FileHandle> {
  try {
    // Without blocking: a pipe in its place would wait for a writer for ever.
    return await open(file, constants.O_RDONLY | constants.O_NONBLOCK | (followLink ? 0 : constants.O_NOFOLLOW));
  } catch (cause) {
    throw new CliError('INPUT_UNREADABLE', `${what} ${shown(file)} ${systemReason(cause)}`, { cause });
  }
}
