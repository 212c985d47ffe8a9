import { createHash, randomFillSync } from 'node:crypto';
import { once } from 'node:events';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import type { Artifact } from '../../lib/models/ports/artifact-store';
import { DirectoryArtifactStore } from '../../lib/models/ports/directory-artifact-store';
import { hashArtifacts } from '../../lib/models/signing/hash-artifacts';

/** What hashing a tree of files costs the library, and Node's own SHA-256 in the shortest program that reads the same files. */
export interface HashingFigure {
  readonly what: string;
  /** Bytes over the CPU time that each core spent: user and system time of all threads, by the number of cores. */
  readonly megabytesPerSecond: number;
  readonly baselineMegabytesPerSecond: number;
  /** The library's speed over Node's own; more is better. */
  readonly ratio: number;
}

type Side = 'library' | 'node';

interface Share {
  readonly side: Side;
  readonly root: string;
  readonly artifacts: readonly Artifact[];
}

const MIB = 1024 * 1024;
const LARGE = { folder: 'large', files: 4, bytes: 160 * MIB };
const SMALL = { folder: 'small', files: 6000, bytes: 64 * 1024 };
const ROUNDS = 5;

/**
 * Hashes a tree of about one gigabyte in a temporary folder, from the page cache, with as many worker threads as cores on both sides,
 * in turn. Throws where the digests of the two sides differ.
 *
 * @param scale how much of the tree to write, for a quicker look
 */
export async function hashing(scale = 1): Promise<HashingFigure[]> {
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'hashing-bench-'));
  try {
    // Loaded here, not above: the worker is this file too, and has no need of it.
    const { buildSync } = await import('esbuild');
    const script = path.join(scratch, 'worker.cjs');
    buildSync({ entryPoints: [__filename], bundle: true, platform: 'node', target: 'node20', external: ['esbuild'], outfile: script, logLevel: 'silent' });
    for (const { folder, files, bytes } of [{ ...LARGE, bytes: Math.ceil(LARGE.bytes * scale) }, { ...SMALL, files: Math.ceil(SMALL.files * scale) }]) {
      writeFiles(path.join(scratch, 'tree', folder), files, bytes);
    }
    const figures: HashingFigure[] = [];
    for (const [what, folder] of [['a few large files', LARGE.folder], ['many small files', SMALL.folder], ['the whole tree', '.']] as const) {
      figures.push(await compare(what, path.join(scratch, 'tree', folder), script));
    }
    return figures;
  } finally {
    fs.rmSync(scratch, { recursive: true, force: true });
  }
}

/** Files of different content, none of which compresses. */
function writeFiles(folder: string, files: number, bytes: number): void {
  fs.mkdirSync(folder, { recursive: true });
  const noise = randomFillSync(Buffer.alloc(MIB));
  for (let index = 0; index < files; index += 1) {
    noise.writeUInt32LE(index);
    const file = fs.openSync(path.join(folder, `${index}.bin`), 'w');
    // Lengths around the given one, so that they are no multiples of a page.
    for (let left = bytes + (index % 1000); left > 0; left -= MIB) fs.writeSync(file, noise, 0, Math.min(left, MIB));
    fs.closeSync(file);
  }
}

async function compare(what: string, root: string, script: string): Promise<HashingFigure> {
  const artifacts: Artifact[] = [];
  for await (const artifact of (await DirectoryArtifactStore.open(root)).list()) artifacts.push(artifact);
  const megabytes = artifacts.reduce((sum, { size }) => sum + size, 0) / 1e6;
  const crews = { library: crewOf('library', root, artifacts, script), node: crewOf('node', root, artifacts, script) };
  const seconds: Record<Side, number[]> = { library: [], node: [] };
  try {
    for (let round = 0; round <= ROUNDS; round += 1) {
      const digests = new Set<string>();
      for (const side of round % 2 === 0 ? (['library', 'node'] as const) : (['node', 'library'] as const)) {
        const start = process.cpuUsage();
        digests.add(JSON.stringify(await Promise.all(crews[side].map(hashOnce))));
        const { user, system } = process.cpuUsage(start);
        if (round > 0) seconds[side].push((user + system) / 1e6 / os.availableParallelism());
      }
      if (digests.size !== 1) throw new Error(`${what}: the two sides disagree on the digests, so their times say nothing`);
    }
  } finally {
    await Promise.all([...crews.library, ...crews.node].map((worker) => worker.terminate()));
  }
  const [ours, theirs] = [median(seconds.library), median(seconds.node)];
  return { what, megabytesPerSecond: megabytes / ours, baselineMegabytesPerSecond: megabytes / theirs, ratio: theirs / ours };
}

/** One worker for each core, with shares of about the same number of bytes. */
function crewOf(side: Side, root: string, artifacts: readonly Artifact[], script: string): Worker[] {
  const cores = os.availableParallelism();
  const shares = Array.from({ length: cores }, (): Artifact[] => []);
  const order = [...artifacts].sort((a, b) => b.size - a.size || (a.name < b.name ? -1 : 1));
  order.forEach((artifact, index) => shares[index % cores].push(artifact));
  return shares.map((share) => new Worker(script, { workerData: { side, root, artifacts: share } satisfies Share, execArgv: [] }));
}

/** Has a worker hash its share; gives the digest over it. */
async function hashOnce(worker: Worker): Promise<string> {
  const ended = new AbortController();
  try {
    worker.postMessage('hash');
    const exit = once(worker, 'exit', { signal: ended.signal }).then(([code]) => {
      throw new Error(`a worker ended with ${String(code)}`);
    });
    // `once` rejects on the worker's error by itself.
    const [digest] = await Promise.race([once(worker, 'message', { signal: ended.signal }), exit]) as [string];
    return digest;
  } finally {
    ended.abort();
  }
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1];
}

/** One digest over those of a share, computed by the library or by Node alone. */
async function digestOf({ side, root, artifacts }: Share): Promise<string> {
  const digests = side === 'library'
    ? await hashArtifacts(await DirectoryArtifactStore.open(root), artifacts.map((artifact) => ({ artifact })), { algorithm: 'sha256' })
    : hashByNode(root, artifacts);
  return createHash('sha256').update(digests.join()).digest('hex');
}

/** Nothing but what must be: one buffer, synchronous calls, no check that the file is still the one that was listed. */
function hashByNode(root: string, artifacts: readonly Artifact[]): string[] {
  const buffer = Buffer.allocUnsafeSlow(MIB);
  return artifacts.map(({ name }) => {
    const hash = createHash('sha256');
    const file = fs.openSync(path.join(root, name), 'r');
    for (let length = fs.readSync(file, buffer); length > 0; length = fs.readSync(file, buffer)) hash.update(buffer.subarray(0, length));
    fs.closeSync(file);
    return hash.digest('hex');
  });
}

if (!isMainThread && parentPort !== null && (workerData as Partial<Share> | null)?.side !== undefined) {
  const port = parentPort;
  port.on('message', () => {
    digestOf(workerData as Share).then((digest) => port.postMessage(digest), (error: unknown) => {
      throw error;
    });
  });
}
