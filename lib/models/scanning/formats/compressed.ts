import { InflatedSource } from '../inflated-source';
import { scanPickles } from '../pickle/scan-pickle';
import { BytesSource, readExact, type RangedSource } from '../ranged-source';
import type { ScanContext } from '../scan-context';
import { ScanError } from '../scan-error';
import { sniff, SNIFFED } from '../sniff';
import { scanTar } from './tar';

const PADDING = 64 * 1024;

/** Judges what a gzip or zlib stream holds: a tar archive or pickles are read as they stream, anything else is held in memory. */
export async function scanCompressed(source: RangedSource, deflate: 'GZIP' | 'ZLIB', context: ScanContext): Promise<void> {
  const inflated = new InflatedSource(source, deflate, context);
  try {
    const part = context.part('content');
    if (part.depth > context.limits.depth) {
      throw new ScanError('ARCHIVE_DEPTH', 0, `nested deeper than ${context.limits.depth}`);
    }
    const formats = sniff(await inflated.read(0, SNIFFED), inflated.size);
    if (formats.has('TAR')) {
      context.ledger.formats.add('TAR');
      await part.guard(() => scanTar(inflated, part));
    } else if (formats.has('PICKLE')) {
      context.ledger.formats.add('PICKLE');
      await part.guard(() => scanPickles(inflated, part));
    } else {
      await context.descend(context.name.replace(/\.(?:gz|z|gzip|zlib)$/i, ''), await hold(inflated, context));
    }
    // What a reader never asked for is decompressed, too: it may be a bomb, or broken.
    const { consumed } = await inflated.finish();
    await judgeRest(source, consumed, context);
  } finally {
    inflated.close();
  }
}

async function hold(inflated: InflatedSource, context: ScanContext): Promise<RangedSource> {
  const bytes = await inflated.read(0, context.limits.heldBytes);
  if (bytes.length >= context.limits.heldBytes) {
    const found = `more than ${context.limits.heldBytes} bytes in a compressed file that is neither tar nor pickle`;
    throw new ScanError('LIMIT_EXCEEDED', 0, found);
  }
  return new BytesSource(bytes);
}

async function judgeRest(source: RangedSource, consumed: number, context: ScanContext): Promise<void> {
  const rest = source.size - consumed;
  if (rest === 0) {
    return;
  }
  const bytes = rest <= PADDING ? await readExact(source, consumed, rest) : undefined;
  if (bytes === undefined || !bytes.every((byte) => byte === 0)) {
    context.report('TRAILING_DATA', consumed, `${rest} bytes behind the compressed data`);
  }
}
