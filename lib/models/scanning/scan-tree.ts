import { wrongPath } from './archive-path';
import type { RangedSource } from './ranged-source';
import { printable, REASON_VERDICTS, type Reason, type ReasonCode } from './reason';
import { scanWithReferences, type FileReport, type FileScan, type ScanOptions } from './scan-file';
import { worseOf, type Verdict } from './verdict';

/** One file of a tree. */
export interface TreeFile {
  /** Path relative to the root, with forward slashes. */
  readonly path: string;
  readonly source: RangedSource;
}

/** The verdict on a tree; the same files give the same report, byte for byte, in whatever order they come. */
export interface TreeReport {
  readonly schema: 'cdk-secure-ai/scan-report/v1';
  readonly verdict: Verdict;
  /** Files by verdict. */
  readonly counts: Readonly<Record<Verdict, number>>;
  /** Sorted by path in code point order. */
  readonly files: readonly FileReport[];
}

/** Names that are loaded as a model, so a reference from another model does not make them raw data. */
const LOADABLE = new RegExp(
  '\\.(?:pkl|pickle|p|dill|joblib|sav|pt|pth|ckpt|h5|hdf5|keras|npy|npz|onnx|pb|gguf|safetensors|zip|tar|gz|tgz|mar)$' +
    '|(?:^|/)pytorch_model[^/]*\\.bin$',
  'i',
);

/** Scans the files of a directory or a prefix and gives one verdict. Never throws. */
export async function scanTree(files: readonly TreeFile[], options: ScanOptions = {}): Promise<TreeReport> {
  const ordered = [...files].sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
  const scans = new Map<string, FileScan>();
  const referenced = new Map<string, { needed: number; by: string }>();
  const extra = new Map<string, Reason[]>();
  const report = (path: string, code: ReasonCode, found: string): void => {
    const reason: Reason = { code, verdict: REASON_VERDICTS[code], path: printable(path), offset: 0, found: printable(found) };
    extra.set(path, [...(extra.get(path) ?? []), reason]);
  };
  for (const { path, source } of ordered) {
    if (scans.has(path)) {
      report(path, 'ARCHIVE_DUPLICATE', 'path given twice');
    }
    const wrong = wrongPath(path);
    if (wrong !== undefined) {
      report(path, 'ARCHIVE_PATH', wrong);
    }
    const scan = await scanWithReferences(path, source, options, false);
    scans.set(path, scan);
    const folder = path.slice(0, path.lastIndexOf('/') + 1);
    for (const [reference, needed] of scan.references) {
      const target = folder + reference.replace(/^(?:\.\/)+/, '');
      referenced.set(target, { needed: Math.max(needed, referenced.get(target)?.needed ?? 0), by: path });
    }
  }
  for (const [target, { needed, by }] of referenced) {
    const file = ordered.find(({ path }) => path === target);
    if (file === undefined || file.source.size < needed) {
      report(by, 'GRAPH_EXTERNAL_DATA', file === undefined ? `${target} is missing` : `${target} has fewer than ${needed} bytes`);
    } else if (!LOADABLE.test(target)) {
      scans.set(target, await scanWithReferences(target, file.source, options, true));
    }
  }
  return summary([...scans].map(([path, { report: file }]) => withReasons(file, extra.get(path) ?? [])));
}

function withReasons(file: FileReport, reasons: readonly Reason[]): FileReport {
  const verdict = reasons.reduce<Verdict>((worst, reason) => worseOf(worst, reason.verdict), file.verdict);
  return { ...file, verdict, reasons: [...file.reasons, ...reasons] };
}

function summary(files: readonly FileReport[]): TreeReport {
  const counts: Record<Verdict, number> = { SAFE: 0, SUSPICIOUS: 0, UNSCANNABLE: 0, DANGEROUS: 0 };
  // Nothing scanned proves nothing.
  let verdict: Verdict = files.length === 0 ? 'UNSCANNABLE' : 'SAFE';
  for (const file of files) {
    counts[file.verdict] += 1;
    verdict = worseOf(verdict, file.verdict);
  }
  return { schema: 'cdk-secure-ai/scan-report/v1', verdict, counts, files };
}
