import { BytesSource } from '../../lib/models/scanning/ranged-source';
import { scanFile } from '../../lib/models/scanning/scan-file';
import { PickleAssembler } from '../models/scanning/fixtures/pickle-assembler';

/** What one kind of pickle costs to walk. */
export interface WalkFigure {
  readonly kind: string;
  readonly megabytes: number;
  readonly megabytesPerSecond: number;
  readonly readMegabytes: number;
}

/** Walks pickles of about 256 MB: one of large byte strings, as arrays are pickled, and ones of nothing but small opcodes. */
export async function pickleWalk(): Promise<WalkFigure[]> {
  const target = 256 * 1024 * 1024;
  const repeat = (piece: Buffer): Buffer => {
    const count = Math.floor(target / piece.length);
    const all = Buffer.alloc(count * piece.length + 8);
    all.set([0x80, 4, 0x4e]);
    for (let index = 0; index < count; index += 1) {
      piece.copy(all, 3 + index * piece.length);
    }
    all[3 + count * piece.length] = 0x2e;
    return all.subarray(0, 4 + count * piece.length);
  };
  const array = new PickleAssembler().bytes(Buffer.alloc(1024 * 1024)).raw('0').build();
  const floats = new PickleAssembler().raw(`](${'G'.padEnd(9, '\x40').repeat(1000)}e0`).build();
  const texts = new PickleAssembler().raw('](').build();
  const words = Buffer.concat([texts, ...Array.from({ length: 1000 }, (_, index) => new PickleAssembler().text(`word number ${index}`).build()), Buffer.from('e0')]);
  const figures: WalkFigure[] = [];
  for (const [kind, bytes] of [['byte strings of 1 MiB', repeat(array)], ['floats', repeat(floats)], ['short texts', repeat(words)]] as const) {
    let read = 0;
    const inner = new BytesSource(bytes);
    const source = { size: bytes.length, read: async (offset: number, length: number): Promise<Uint8Array> => {
      const part = await inner.read(offset, length);
      read += part.length;
      return part;
    } };
    const start = process.hrtime.bigint();
    const report = await scanFile('x.pkl', source);
    const seconds = Number(process.hrtime.bigint() - start) / 1e9;
    if (report.verdict !== 'SAFE' && !report.reasons.every(({ code }) => code === 'LIMIT_EXCEEDED')) {
      throw new Error(`${kind}: ${report.verdict} ${JSON.stringify(report.reasons.slice(0, 2))}`);
    }
    figures.push({ kind, megabytes: bytes.length / 1e6, megabytesPerSecond: bytes.length / 1e6 / seconds, readMegabytes: read / 1e6 });
  }
  return figures;
}
