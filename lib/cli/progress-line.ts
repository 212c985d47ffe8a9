import { displayBytes } from './display-text';
import type { Terminal } from './terminal';

/** Work shorter than this shows nothing. Unit: ms. */
const QUIET = 700;
const REWRITE_EVERY = 150;
const REPORT_EVERY = 10_000;

/** Says on the error stream how far long work is: one line written over, or a line now and then where that is impossible. */
export class ProgressLine {
  private readonly started = performance.now();
  private shown = 0;
  private written = false;

  public constructor(private readonly terminal: Terminal, private readonly label: string) {}

  /** @param bytes done so far */
  public update(bytes: number): void {
    const now = performance.now();
    const pause = this.terminal.interactive ? REWRITE_EVERY : REPORT_EVERY;
    if (now - this.started < (this.terminal.interactive ? QUIET : REPORT_EVERY) || now - this.shown < pause) return;
    this.shown = now;
    const speed = displayBytes(Math.round(bytes / ((now - this.started) / 1000)));
    const text = `${this.label} … ${displayBytes(bytes)}, ${speed}/s`;
    this.terminal.err(this.terminal.interactive ? `\r\u001b[2K${text}` : `${text}\n`);
    this.written = true;
  }

  /** Takes the line away. */
  public end(): void {
    if (this.written && this.terminal.interactive) this.terminal.err('\r\u001b[2K');
  }
}

/** The same for work that goes in steps: on a terminal only, since a step is soon over. */
export class StepLine {
  private readonly started = performance.now();
  private written = false;

  public constructor(private readonly terminal: Terminal) {}

  public step(text: string): void {
    if (!this.terminal.interactive || performance.now() - this.started < QUIET) return;
    this.terminal.err(`\r\u001b[2K${text} …`);
    this.written = true;
  }

  /** Takes the line away. */
  public end(): void {
    if (this.written) this.terminal.err('\r\u001b[2K');
  }
}
