import type { BigIntStats} from 'node:fs';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import type { FileHandle} from 'node:fs/promises';
import { lstat, open, readdir, realpath } from 'node:fs/promises';
import * as path from 'node:path';
import { artifactNameProblem } from '../signing/artifact-name';
import { quoted } from '../signing/signing-error';
import type { Artifact, ArtifactStore, ByteRange } from './artifact-store';
import { ArtifactStoreError } from './artifact-store-error';

/** Large enough that the calls cost nothing beside the hashing, small enough for many readers. Unit: bytes. */
const CHUNK = 1024 * 1024;

/** Chunks that are read before they are asked for. */
const LOOKAHEAD = 2;

/** What is read in one go. Unit: bytes. */
const SMALL = 128 * 1024;

/** A link or a pipe put in place of the listed file must neither be followed nor block the reader. */
const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** A model in a local directory, or one local file. */
export class DirectoryArtifactStore implements ArtifactStore {
  /**
   * @param root directory or file; a link is followed here, at the root, and nowhere below
   * @throws ArtifactStoreError NOT_FOUND or NOT_A_FILE
   */
  public static async open(root: string): Promise<DirectoryArtifactStore> {
    // The root alone is resolved, so that it may be a link; everything below is taken as it is.
    const place = await realpath(root).catch((cause: unknown) => {
      throw new ArtifactStoreError('NOT_FOUND', `${root} does not exist or cannot be reached`, { cause });
    });
    const stats = await lstat(place);
    if (!stats.isDirectory() && !stats.isFile()) {
      throw new ArtifactStoreError('NOT_A_FILE', `${root} is neither a directory nor a regular file`);
    }
    return new DirectoryArtifactStore(place, path.basename(path.resolve(root)) || 'model', stats.isDirectory() ? 'tree' : 'file');
  }

  private constructor(private readonly root: string, public readonly name: string, public readonly layout: 'tree' | 'file') {}

  public async *list(): AsyncIterable<Artifact> {
    if (this.layout === 'file') {
      yield toArtifact(this.name, await lstat(this.root, { bigint: true }));
    } else {
      yield* this.walk([]);
    }
  }

  public async *read(artifact: Artifact, range?: ByteRange): AsyncIterable<Uint8Array> {
    const start = range?.start ?? 0;
    const end = range?.end ?? artifact.size;
    if (start < 0 || end < start || end > artifact.size) {
      throw new ArtifactStoreError('RANGE_INVALID', `range ${start}-${end} is outside ${quoted(artifact.name)} of ${artifact.size} bytes`);
    }
    if (end - start <= SMALL) {
      yield readSmall(this.locate(artifact), artifact, start, end);
      return;
    }
    const file = await this.openFile(artifact);
    try {
      await assertUnchanged(file, artifact);
      yield* chunks(file, start, end, artifact);
      await assertUnchanged(file, artifact);
    } finally {
      await file.close();
    }
  }

  private async *walk(parts: readonly string[]): AsyncIterable<Artifact> {
    const directory = path.join(this.root, ...parts);
    // Names are taken as bytes: a name that is not UTF-8 would otherwise be read as another name.
    for (const entry of await readdir(directory, { withFileTypes: true, encoding: 'buffer' })) {
      const name = toUnicode(entry.name, parts);
      if (entry.isDirectory()) {
        yield* this.walk([...parts, name]);
      } else {
        yield toArtifact([...parts, name].join('/'), await lstat(path.join(directory, name), { bigint: true }));
      }
    }
  }

  private async openFile(artifact: Artifact): Promise<FileHandle> {
    const location = this.locate(artifact);
    try {
      return await open(location, FLAGS);
    } catch (cause) {
      throw cannotOpen(artifact, cause);
    }
  }

  private locate({ name }: Artifact): string {
    const problem = artifactNameProblem(name);
    if (problem) throw new ArtifactStoreError('NOT_FOUND', `artifact name ${quoted(name)} ${problem}`);
    return this.layout === 'file' ? this.root : path.join(this.root, name);
  }
}

function cannotOpen({ name }: Artifact, cause: unknown): ArtifactStoreError {
  return new ArtifactStoreError('NOT_FOUND', `${quoted(name)} cannot be opened`, { cause });
}

/** All at once and without a promise for each call: those cost several times what the hashing of a small file does. */
function readSmall(location: string, artifact: Artifact, start: number, end: number): Uint8Array {
  let file: number;
  try {
    file = openSync(location, FLAGS);
  } catch (cause) {
    throw cannotOpen(artifact, cause);
  }
  try {
    assertVersion(fstatSync(file, { bigint: true }), artifact);
    const buffer = Buffer.allocUnsafeSlow(end - start);
    assertRead(readSync(file, buffer, 0, buffer.length, start), buffer.length, artifact, end);
    assertVersion(fstatSync(file, { bigint: true }), artifact);
    return buffer;
  } finally {
    closeSync(file);
  }
}

function toUnicode(name: Buffer, parts: readonly string[]): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(name);
  } catch (cause) {
    const place = parts.length === 0 ? 'the root' : quoted(parts.join('/'));
    throw new ArtifactStoreError('NAME_NOT_UNICODE', `a file name in ${place} is not UTF-8: ${name.toString('hex')}`, { cause });
  }
}

function toArtifact(name: string, stats: BigIntStats): Artifact {
  const kind = stats.isFile() ? 'file' : stats.isSymbolicLink() ? 'link' : 'other';
  return { name, kind, size: Number(stats.size), version: versionOf(stats) };
}

function versionOf(stats: BigIntStats): string {
  return `${stats.dev}:${stats.ino}:${stats.size}:${stats.mtimeNs}:${stats.ctimeNs}`;
}

async function assertUnchanged(file: FileHandle, artifact: Artifact): Promise<void> {
  assertVersion(await file.stat({ bigint: true }), artifact);
}

function assertVersion(stats: BigIntStats, artifact: Artifact): void {
  if (!stats.isFile()) throw new ArtifactStoreError('NOT_A_FILE', `${quoted(artifact.name)} is not a regular file`);
  if (versionOf(stats) !== artifact.version) {
    throw new ArtifactStoreError('CHANGED_WHILE_READING', `${quoted(artifact.name)} changed after it was listed`);
  }
}

/**
 * Reads some chunks ahead, so that the disk works while the caller hashes, and into the same buffers over and over:
 * fresh ones would cost a page fault for every page.
 */
async function* chunks(file: FileHandle, start: number, end: number, artifact: Artifact): AsyncIterable<Uint8Array> {
  const count = Math.ceil((end - start) / CHUNK);
  const buffers = Array.from({ length: Math.min(count, LOOKAHEAD + 1) }, () => Buffer.allocUnsafeSlow(Math.min(CHUNK, end - start)));
  const pending: Array<Promise<Uint8Array>> = [];
  for (let taken = 0, asked = 0; taken < count; taken++) {
    while (asked < count && asked - taken < buffers.length) {
      const read = readChunk(file, buffers[asked % buffers.length], start + asked * CHUNK, end, artifact);
      // Awaited in a later turn; a caller that stops early must not leave a rejection without a handler.
      read.catch(() => undefined);
      pending.push(read);
      asked++;
    }
    yield await pending.shift()!;
  }
}

async function readChunk(file: FileHandle, buffer: Buffer, at: number, end: number, artifact: Artifact): Promise<Uint8Array> {
  const length = Math.min(CHUNK, end - at);
  const { bytesRead } = await file.read(buffer, 0, length, at);
  assertRead(bytesRead, length, artifact, end);
  return buffer.subarray(0, length);
}

/** Regular files give all that is asked for, up to their end. */
function assertRead(read: number, wanted: number, artifact: Artifact, end: number): void {
  if (read !== wanted) {
    throw new ArtifactStoreError('CHANGED_WHILE_READING', `${quoted(artifact.name)} ends before byte ${end}`);
  }
}
