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
    const value = this.row.resolve(this.topIndex());
    this.row.truncate(this.row.length - 1);
    return value;
  }

  /** Removes the value on top, whatever it is. */
  drop(): void {
    this.row.truncate(this.topIndex());
  }

  top(): PickleValue {
    return this.row.resolve(this.topIndex());
  }

  /** Place of the value on top. Throws `MALFORMED` where there is none above the last mark. */
  topIndex(): number {
    if (this.row.length <= this.fence) {
      throw new ScanError('MALFORMED', 0, 'pickle stack underflow');
    }
    return this.row.length - 1;
  }

  /** `DUP`: decoded first, so that both are the same value. */
  duplicate(): void {
    const index = this.topIndex();
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
    const { row } = this;
    const values: PickleValue[] = [];
    const start = this.unmark();
    for (let index = start; index < row.length; index += 1) {
      values.push(row.resolve(index));
    }
    row.truncate(start);
    return values;
  }

  /** Removes the values above the last mark, and the mark. */
  dropMarked(): void {
    this.row.truncate(this.unmark());
  }

  /** Number of values above the last mark. */
  get marked(): number {
    return this.marks.length === 0 ? 0 : this.row.length - this.fence;
  }

  private unmark(): number {
    const start = this.marks.pop();
    if (start === undefined) {
      throw new ScanError('MALFORMED', 0, 'no mark on the pickle stack');
    }
    this.fence = this.marks.length === 0 ? 0 : this.marks[this.marks.length - 1];
    return start;
  }
}
