import { ScanError } from '../scan-error';
import type { ScanLimits } from '../scan-limits';
import type { PickleValue } from './pickle-value';
import { ValueRow } from './value-row';

/** The stack of one pickle with the marks in it. Underflow ends the scan as it ends the loading. */
export class PickleStack {
  readonly row: ValueRow;
  /** Values below this one lie under the last mark. */
  fence = 0;
  private readonly marks: number[] = [];

  constructor(private readonly limits: ScanLimits) {
    this.row = new ValueRow(limits.stack, 'values on the pickle stack');
  }

  push(value: PickleValue): void {
    this.row.add(value);
  }

  pop(): PickleValue {
    const value = this.row.resolve(this.place(1));
    this.row.truncate(this.row.length - 1);
    return value;
  }

  /** Removes the value on top undecoded. */
  drop(): void {
    this.row.truncate(this.place(1));
  }

  top(): PickleValue {
    return this.row.resolve(this.place(1));
  }

  /** `DUP`: decoded first, so that both are the same value. */
  duplicate(): void {
    const index = this.place(1);
    this.row.resolve(index);
    this.row.addFrom(this.row, index);
  }

  /** `POP`: removes a value, or the mark where nothing lies above it. */
  popAny(): void {
    if (this.row.length === this.fence && this.marks.length > 0) {
      this.dropMarked();
    } else {
      this.drop();
    }
  }

  mark(): void {
    if (this.marks.length >= this.limits.stack) {
      throw new ScanError('LIMIT_EXCEEDED', 0, `more than ${this.limits.stack} marks on the pickle stack`);
    }
    this.marks.push(this.row.length);
    this.fence = this.row.length;
  }

  /** Takes the values above the last mark, and the mark. */
  popMarked(): PickleValue[] {
    const start = this.unmark();
    const values = this.row.from(start);
    this.row.truncate(start);
    return values;
  }

  /** Removes the values above the last mark, and the mark. */
  dropMarked(): void {
    this.row.truncate(this.unmark());
  }

  /** Removes the last mark alone; gives the place of the first value that was above it. Throws `MALFORMED` without a mark. */
  unmark(): number {
    const start = this.marks.pop();
    if (start === undefined) {
      throw new ScanError('MALFORMED', 0, 'no mark on the pickle stack');
    }
    this.fence = this.marks.length === 0 ? 0 : this.marks[this.marks.length - 1];
    return start;
  }

  /** Place of the lowest of so many values on top. Throws `MALFORMED` where there are fewer above the last mark. */
  place(count: number): number {
    const start = this.row.length - count;
    if (start < this.fence) {
      throw new ScanError('MALFORMED', 0, 'pickle stack underflow');
    }
    return start;
  }
}
