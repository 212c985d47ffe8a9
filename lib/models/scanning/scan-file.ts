import type { RangedSource } from './ranged-source';
import type { Reason } from './reason';
import { scanContent } from './scan-content';
import { ScanContext, ScanLedger } from './scan-context';
import { DEFAULT_LIMITS, type ScanLimits } from './scan-limits';
import { DEFAULT_POLICY, type ScanPolicy } from './scan-policy';
import { printable } from './reason';
import type { Verdict } from './verdict';

/** How a scan is done. */
export interface ScanOptions {
  /** What is accepted. @default - DEFAULT_POLICY */
  readonly policy?: Partial<ScanPolicy>;
  /** What a scan may cost. @default - DEFAULT_LIMITS */
  readonly limits?: Partial<ScanLimits>;
}

/** The verdict on one file. */
export interface FileReport {
  /** Path as given. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Formats that were read, nested ones too, sorted. */
  readonly formats: readonly string[];
  /** The worst verdict of its reasons, `SAFE` without any. */
  readonly verdict: Verdict;
  /** Why, in the order in which it was found. */
  readonly reasons: readonly Reason[];
}

/** What a scan of one file gives beside its report. */
export interface FileScan {
  readonly report: FileReport;
  /** Files that the model refers to, relative to its folder, with the bytes it needs of each. */
  readonly references: ReadonlyMap<string, number>;
}

/**
 * Scans one file. Never throws: what cannot be read is a reason, and its verdict is not `SAFE`.
 *
 * A model that refers to other files is `UNSCANNABLE` here; scan its folder with `scanTree`.
 */
export async function scanFile(path: string, source: RangedSource, options: ScanOptions = {}): Promise<FileReport> {
  const scan = await scanWithReferences(path, source, options, false);
  const [reference] = scan.references.keys();
  if (reference === undefined) {
    return scan.report;
  }
  const reason: Reason = {
    code: 'GRAPH_EXTERNAL_DATA',
    verdict: 'UNSCANNABLE',
    path,
    offset: 0,
    found: printable(`needs ${reference}, which is not scanned with it`),
  };
  const verdict = scan.report.verdict === 'DANGEROUS' ? 'DANGEROUS' : 'UNSCANNABLE';
  return { ...scan.report, verdict, reasons: [...scan.report.reasons, reason] };
}

/**
 * Scans one file as a member of a tree.
 *
 * @param rawData the file is known to hold raw numbers of another file, so it needs no format of its own.
 */
export async function scanWithReferences(path: string, source: RangedSource, options: ScanOptions, rawData: boolean): Promise<FileScan> {
  const policy = { ...DEFAULT_POLICY, ...options.policy };
  const ledger = new ScanLedger({ ...DEFAULT_LIMITS, ...options.limits }, policy, scanContent, rawData);
  const context = new ScanContext(ledger, printable(path), path, 0);
  await context.guard(() => scanContent(source, context));
  return {
    report: { path, size: source.size, formats: [...ledger.formats].sort(), verdict: ledger.verdict, reasons: ledger.reasons },
    references: ledger.references,
  };
}
