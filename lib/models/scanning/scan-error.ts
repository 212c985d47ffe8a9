import type { ReasonCode } from './reason';

/** Ends the reading of one file or part; the scanner turns it into a reason, so a caller of `scanFile` never sees it. */
export class ScanError extends Error {
  constructor(
    /** Closed code; it decides the verdict. */
    readonly code: ReasonCode,
    /** Byte offset at which reading ended. */
    readonly offset: number,
    /** What was found there. */
    readonly found: string,
  ) {
    super(`${code} at ${offset}: ${found}`);
    this.name = 'ScanError';
  }
}
