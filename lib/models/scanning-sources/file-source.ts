import { open, type FileHandle } from 'node:fs/promises';
import type { RangedSource } from '../scanning/ranged-source';

/** Reads ranges of a local file through one open handle, so that a replaced path does not change what is read. */
export class FileSource implements RangedSource {
  private constructor(
    private readonly handle: FileHandle,
    readonly size: number,
  ) {}

  /** Opens a regular file. Close it with `close`. */
  static async open(path: string): Promise<FileSource> {
    const handle = await open(path, 'r');
    const stats = await handle.stat();
    if (!stats.isFile()) {
      await handle.close();
      throw new Error(`not a regular file: ${path}; scan the files of a directory one by one`);
    }
    return new FileSource(handle, stats.size);
  }

  async read(offset: number, length: number): Promise<Uint8Array> {
    const bytes = Buffer.allocUnsafe(Math.max(0, Math.min(length, this.size - offset)));
    let filled = 0;
    while (filled < bytes.length) {
      const { bytesRead } = await this.handle.read(bytes, filled, bytes.length - filled, offset + filled);
      if (bytesRead === 0) {
        break;
      }
      filled += bytesRead;
    }
    return bytes.subarray(0, filled);
  }

  /** Closes the handle. */
  async close(): Promise<void> {
    await this.handle.close();
  }
}
