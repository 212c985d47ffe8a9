import { CachedSource } from './cached-source';
import { kindsOf, type FileKind } from './file-kind';
import { scanCompressed } from './formats/compressed';
import { scanGguf } from './formats/gguf';
import { scanHdf5 } from './formats/hdf5';
import { scanJsonDocument } from './formats/json-document';
import { scanNpy } from './formats/npy';
import { scanOnnx } from './formats/onnx';
import { scanSafetensors } from './formats/safetensors';
import { scanTensorflowGraph } from './formats/saved-model';
import { scanTar } from './formats/tar';
import { scanTextDocument } from './formats/text-document';
import { scanTorchLegacy } from './formats/torch-legacy';
import { scanZip } from './formats/zip';
import { probePickle, scanPickles } from './pickle/scan-pickle';
import type { RangedSource } from './ranged-source';
import type { ReasonCode } from './reason';
import type { ScanContext } from './scan-context';
import { sniff, SNIFFED, type ContentFormat } from './sniff';
import { endsAsZip } from './zip/zip-directory';

type Reader = (source: RangedSource, context: ScanContext) => Promise<void>;

const READERS: Readonly<Record<ContentFormat | 'ONNX' | 'TENSORFLOW' | 'JSON' | 'TEXT', Reader>> = {
  ZIP: scanZip,
  NPY: scanNpy,
  HDF5: scanHdf5,
  GGUF: scanGguf,
  SAFETENSORS: scanSafetensors,
  TORCH_LEGACY: scanTorchLegacy,
  PICKLE: scanPickles,
  GZIP: (source, context) => scanCompressed(source, 'GZIP', context),
  ZLIB: (source, context) => scanCompressed(source, 'ZLIB', context),
  TAR: scanTar,
  ONNX: scanOnnx,
  TENSORFLOW: scanTensorflowGraph,
  JSON: scanJsonDocument,
  TEXT: scanTextDocument,
  UNSUPPORTED: found('COMPRESSION_UNSUPPORTED', 'compressed with something that is not read'),
  NATIVE: found('NATIVE_CODE', 'program or library'),
  SCRIPT: found('SCRIPT_CODE', 'script with an interpreter line'),
  IMAGE: () => Promise.resolve(),
};

/** A reader for what is a finding as a whole. */
function found(code: ReasonCode, what: string): Reader {
  return (_, context) => {
    context.report(code, 0, what);
    return Promise.resolve();
  };
}

/** Judges one file or part by its content, with every reader whose signature fits; the name only says what was promised. */
export async function scanContent(raw: RangedSource, context: ScanContext): Promise<void> {
  const source = new CachedSource(raw);
  const kinds = context.depth === 0 && context.ledger.rawData ? (['RAW'] as const) : kindsOf(context.name);
  judgeName(kinds, context);
  if (source.size === 0) {
    if (!['TEXT', 'RAW', 'CODE', 'UNKNOWN'].includes(kinds[0])) {
      context.report('TRUNCATED', 0, 'empty file');
    }
    return;
  }
  const formats = await formatsOf(source, context);
  await judgePlainPickle(source, formats, kinds, context);
  for (const format of formats) {
    context.ledger.formats.add(format);
    await context.guard(() => READERS[format](source, context));
  }
  if (formats.size > 0) {
    judgePromise(formats, kinds, context);
    return;
  }
  const fallback = fallbackOf(kinds);
  if (fallback !== undefined) {
    context.ledger.formats.add(fallback);
    await context.guard(() => READERS[fallback](source, context));
  } else if (kinds[0] !== 'RAW' && kinds[0] !== 'CODE' && kinds[0] !== 'LIBRARY') {
    context.report('FORMAT_UNKNOWN', 0, `nothing known begins with ${Buffer.from(await source.read(0, 8)).toString('hex')}`);
  }
}

/** The reader for content without a signature. Old pickles have none, so a model file of no known format is read as one. */
function fallbackOf(kinds: readonly FileKind[]): 'ONNX' | 'TENSORFLOW' | 'JSON' | 'TEXT' | 'PICKLE' | undefined {
  for (const kind of kinds) {
    if (kind === 'ONNX' || kind === 'TENSORFLOW' || kind === 'JSON' || kind === 'TEXT' || kind === 'PICKLE') {
      return kind;
    }
  }
  return kinds[0] === 'UNKNOWN' ? 'PICKLE' : undefined;
}

async function formatsOf(source: RangedSource, context: ScanContext): Promise<Set<ContentFormat>> {
  const formats = sniff(await source.read(0, SNIFFED), source.size);
  if (formats.has('TAR')) {
    // A tar whose first member is an HDF5 file has that signature behind its first header; the member is scanned where it lies.
    formats.delete('HDF5');
  }
  const zipTail = await endsAsZip(source);
  // A tar archive whose last member is a zip ends like one; the member is scanned where it lies.
  if (zipTail && !formats.has('TAR')) {
    formats.add('ZIP');
  }
  if (formats.has('ZIP') && !zipTail && formats.size > 1) {
    formats.delete('ZIP');
  }
  if (zipTail && !formats.has('TAR') && Buffer.from(await source.read(0, 2)).toString('latin1') !== 'PK') {
    context.report('POLYGLOT', 0, 'a zip at the end, something else in front');
  } else if (formats.size > 1 && (await fitsTwice(source, formats, context))) {
    context.report('POLYGLOT', 0, [...formats].join(' and '));
  }
  return formats;
}

/** A tensor file may begin with the two bytes of a pickle by chance; then only one that imports something counts as both. */
async function fitsTwice(source: RangedSource, formats: Set<ContentFormat>, context: ScanContext): Promise<boolean> {
  if (formats.size === 2 && formats.has('PICKLE') && formats.has('SAFETENSORS') && (await probePickle(source, context, 0)).length === 0) {
    formats.delete('PICKLE');
    return false;
  }
  return true;
}

/** Whatever else a file is, a plain unpickler given this file must not import anything dangerous. */
async function judgePlainPickle(
  source: RangedSource, formats: ReadonlySet<ContentFormat>, kinds: readonly FileKind[], context: ScanContext,
): Promise<void> {
  if (formats.has('PICKLE') || formats.has('TORCH_LEGACY') || (formats.size === 0 && fallbackOf(kinds) === 'PICKLE')) {
    return;
  }
  const harmlessText = kinds[0] === 'TEXT' || kinds[0] === 'CODE';
  for (const { code, at, text } of await probePickle(source, context, 0)) {
    if (!harmlessText || code === 'PICKLE_DENIED_GLOBAL') {
      context.report('POLYGLOT', at, `read as a pickle, it imports ${text}`);
    }
  }
}

function judgeName(kinds: readonly FileKind[], context: ScanContext): void {
  if (kinds[0] === 'CODE') {
    context.report('SCRIPT_CODE', 0, context.name);
  } else if (kinds[0] === 'LIBRARY') {
    context.report('NATIVE_CODE', 0, context.name);
  }
}

function judgePromise(formats: ReadonlySet<ContentFormat>, kinds: readonly FileKind[], context: ScanContext): void {
  const first = kinds[0];
  if (first === 'UNKNOWN' || first === 'CODE' || first === 'LIBRARY') {
    return;
  }
  for (const format of formats) {
    if (!kinds.includes(format)) {
      context.report('FORMAT_MISMATCH', 0, `${kinds.join(' or ')} promised by the name, ${format} found`);
    }
  }
}
