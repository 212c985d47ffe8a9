import { ScanError } from '../scan-error';
import type { ScanLimits } from '../scan-limits';
import type { PickleValue } from './pickle-value';

/** The stack, the marks in it, and the memo of one pickle. Underflow ends the scan as it ends the loading. */
export class PickleStack {
  readonly values: PickleValue[] = [];
  private readonly marks: number[] = [];
  private fence = 0;
  private readonly dense: PickleValue[] = [];
  private readonly sparse = new Map<number, PickleValue>();

  constructor(private readonly limits: ScanLimits) {}

  push(value: PickleValue): void {
    if (this.values.length >= this.limits.stack) {
      throw new ScanError('LIMIT_EXCEEDED', 0, `more than ${this.limits.stack} values on the pickle stack`);
    }
    this.values.push(value);
  }

  pop(): PickleValue {
    if (this.values.length <= this.fence) {
      throw new ScanError('MALFORMED', 0, 'pickle stack underflow');
    }
    return this.values.pop()!;
  }

  top(): PickleValue {
    if (this.values.length <= this.fence) {
      throw new ScanError('MALFORMED', 0, 'pickle stack underflow');
    }
    return this.values[this.values.length - 1];
  }

  /** `POP`: removes a value, or the mark where nothing lies above it. */
  popAny(): void {
    if (this.values.length === this.fence && this.marks.length > 0) {
      this.dropMarked();
    } else {
      this.pop();
    }
  }

  mark(): void {
    if (this.marks.length >= this.limits.stack) {
      throw new ScanError('LIMIT_EXCEEDED', 0, `more than ${this.limits.stack} marks on the pickle stack`);
    }
    this.marks.push(this.values.length);
    this.fence = this.values.length;
  }

  /** Takes the values above the last mark, and the mark. */
  popMarked(): PickleValue[] {
    return this.values.splice(this.unmark());
  }

  /** Removes the values above the last mark, and the mark; gives their number. */
  dropMarked(): number {
    const start = this.unmark();
    const dropped = this.values.length - start;
    this.values.length = start;
    return dropped;
  }

  /** Number of values above the last mark. */
  get marked(): number {
    return this.marks.length === 0 ? 0 : this.values.length - this.marks[this.marks.length - 1];
  }

  /** The value that the next `MEMOIZE` numbers. */
  get memoSize(): number {
    return this.dense.length + this.sparse.size;
  }

  put(key: number, value: PickleValue): void {
    if (key < this.dense.length) {
      this.dense[key] = value;
      return;
    }
    if (this.memoSize >= this.limits.memo && !this.sparse.has(key)) {
      throw new ScanError('LIMIT_EXCEEDED', 0, `more than ${this.limits.memo} values in the pickle memo`);
    }
    if (key === this.dense.length && !this.sparse.has(key)) {
      this.dense.push(value);
    } else {
      this.sparse.set(key, value);
    }
  }

  get(key: number): PickleValue | undefined {
    return key < this.dense.length ? this.dense[key] : this.sparse.get(key);
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
