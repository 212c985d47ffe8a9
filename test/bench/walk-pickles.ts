/** What it costs to walk pickles. Prints one line of JSON. */
import { BytesSource } from '../../lib/models/scanning/ranged-source';
import { scanFile } from '../../lib/models/scanning/scan-file';
import { PickleAssembler } from '../models/scanning/fixtures/pickle-assembler';

/** What one kind of pickle costs to walk. */
export interface WalkFigure {
  readonly kind: string;
  readonly megabytes: number;
  /** Bytes of the pickle over CPU time of the whole scan; the median of a few. */
  readonly megabytesPerSecond: number;
  /** What had to be read: byte strings are skipped, not read. */
  readonly readMegabytes: number;
}

const MIB = 1024 * 1024;
const SIZE = 256 * MIB;
const ROUNDS = 5;

/** Lists of a thousand values each, as Python's pickler writes them; every value is its opcode and its argument. */
const listOf = (value: (index: number) => PickleAssembler): Buffer =>
  Buffer.concat([Buffer.from(']('), ...Array.from({ length: 1000 }, (_, index) => value(index).build()), Buffer.from('e0')]);

const KINDS: readonly (readonly [string, () => Buffer])[] = [
  ['byte strings of 1 MiB', () => new PickleAssembler().bytes(Buffer.alloc(MIB)).raw('0').build()],
  ['floats', () => listOf(() => new PickleAssembler().raw('G'.padEnd(9, '\x40')))],
  ['whole numbers', () => listOf((index) => new PickleAssembler().int(index))],
  ['short texts', () => listOf((index) => new PickleAssembler().text(`word number ${index}`))],
];

/**
 * Walks pickles of about 256 MB: one of large byte strings, as arrays are pickled, and ones of nothing but small opcodes.
 * Throws where a scan finds anything in them, because it may have ended early.
 */
async function pickleWalk(): Promise<WalkFigure[]> {
  const figures: WalkFigure[] = [];
  for (const [kind, piece] of KINDS) {
    const bytes = repeated(piece());
    const rounds: WalkFigure[] = [];
    for (let round = 0; round < ROUNDS; round += 1) rounds.push(await walkOnce(kind, bytes));
    figures.push(rounds.sort((a, b) => a.megabytesPerSecond - b.megabytesPerSecond)[ROUNDS >> 1]);
  }
  return figures;
}

/** One pickle of a piece over and over. */
function repeated(piece: Buffer): Buffer {
  const count = Math.floor(SIZE / piece.length);
  return Buffer.concat([Buffer.of(0x80, 4, 0x4e), Buffer.alloc(count * piece.length, piece), Buffer.from('.')]);
}

async function walkOnce(kind: string, bytes: Buffer): Promise<WalkFigure> {
  let read = 0;
  const inner = new BytesSource(bytes);
  const source = {
    size: bytes.length,
    read: async (offset: number, length: number): Promise<Uint8Array> => {
      const part = await inner.read(offset, length);
      read += part.length;
      return part;
    },
  };
  const start = process.cpuUsage();
  const report = await scanFile('x.pkl', source);
  const { user, system } = process.cpuUsage(start);
  if (report.verdict !== 'SAFE') {
    throw new Error(`${kind}: ${report.verdict} ${JSON.stringify(report.reasons.slice(0, 2))}`);
  }
  return { kind, megabytes: bytes.length / 1e6, megabytesPerSecond: bytes.length / (user + system), readMegabytes: read / 1e6 };
}

pickleWalk().then(
  (figures) => process.stdout.write(JSON.stringify(figures)),
  (error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exitCode = 1;
  },
);
