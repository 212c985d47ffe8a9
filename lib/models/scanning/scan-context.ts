import type { RangedSource } from './ranged-source';
import { printable, REASON_VERDICTS, type Reason, type ReasonCode } from './reason';
import { ScanError } from './scan-error';
import type { ScanLimits } from './scan-limits';
import type { ScanPolicy } from './scan-policy';
import { worseOf, type Verdict } from './verdict';

type Counter = 'entries' | 'inflatedBytes' | 'opcodes' | 'nodes';

/** Judges one part by its content; given to the formats so that archives can hand their entries back. */
export type ContentScan = (source: RangedSource, context: ScanContext) => Promise<void>;

/** What everything scanned for one file shares: counters, reasons, verdict, what the file refers to. */
export class ScanLedger {
  verdict: Verdict = 'SAFE';
  readonly reasons: Reason[] = [];
  readonly formats = new Set<string>();
  /** Files that this file refers to, with the bytes needed of each. */
  readonly references = new Map<string, number>();
  private readonly seen = new Set<string>();
  private readonly spent: Record<Counter, number> = { entries: 0, inflatedBytes: 0, opcodes: 0, nodes: 0 };

  constructor(
    readonly limits: ScanLimits,
    readonly policy: ScanPolicy,
    readonly scanContent: ContentScan,
    /** The file itself holds raw numbers for another file. */
    readonly rawData = false,
  ) {}

  /** Counts against a limit of the file. Throws `LIMIT_EXCEEDED`. */
  spend(counter: Counter, amount: number): void {
    this.spent[counter] += amount;
    if (this.spent[counter] > this.limits[counter]) {
      throw new ScanError('LIMIT_EXCEEDED', 0, `more than ${this.limits[counter]} ${counter}`);
    }
  }

  /** Keeps one reason; the same thing found again in the same part is kept once. */
  add(reason: Reason): void {
    this.verdict = worseOf(this.verdict, reason.verdict);
    const key = `${reason.code}\0${reason.path}\0${reason.found}`;
    if (this.seen.has(key)) {
      return;
    }
    if (this.reasons.length < this.limits.reasons) {
      this.seen.add(key);
      this.reasons.push(reason);
    } else if (this.reasons.length === this.limits.reasons) {
      const verdict = REASON_VERDICTS.REASONS_DROPPED;
      this.reasons.push({ ...reason, code: 'REASONS_DROPPED', verdict, offset: 0, found: 'further reasons' });
      this.verdict = worseOf(this.verdict, REASON_VERDICTS.REASONS_DROPPED);
    }
  }
}

/** One part of a file being scanned: its name, its depth, and the way to report and to descend. */
export class ScanContext {
  constructor(
    readonly ledger: ScanLedger,
    /** Path for the report. */
    readonly path: string,
    /** Name that decides what the content is expected to be. */
    readonly name: string,
    /** How many archives are around this part. */
    readonly depth: number,
  ) {}

  get limits(): ScanLimits {
    return this.ledger.limits;
  }

  get policy(): ScanPolicy {
    return this.ledger.policy;
  }

  /** Reports a reason in this part. */
  report(code: ReasonCode, offset: number, found: string): void {
    this.ledger.add({ code, verdict: REASON_VERDICTS[code], path: this.path, offset, found: printable(found) });
  }

  /** Runs a reader; where it gives up, the error becomes a reason of this part. */
  async guard(run: () => Promise<void>): Promise<void> {
    try {
      await run();
    } catch (error) {
      if (error instanceof ScanError) {
        this.report(error.code, error.offset, error.found);
      } else {
        // A defect or a failing source must never let a file through.
        this.report('INTERNAL_ERROR', 0, error instanceof Error ? `${error.name}: ${error.message}` : 'unknown error');
      }
    }
  }

  /** The context of a part, without scanning it. */
  part(name: string): ScanContext {
    return new ScanContext(this.ledger, `${this.path}!${printable(name)}`, name, this.depth + 1);
  }

  /** Scans a part by its content, one level deeper. */
  async descend(name: string, source: RangedSource): Promise<void> {
    const part = this.part(name);
    if (part.depth > this.limits.depth) {
      part.report('ARCHIVE_DEPTH', 0, `nested deeper than ${this.limits.depth}`);
      return;
    }
    await part.guard(() => this.ledger.scanContent(source, part));
  }
}
