import { ScanError } from '../scan-error';
import type { ScanLimits } from '../scan-limits';
import type { PickleValue } from './pickle-value';
import { ValueRow } from './value-row';

/** The memo of one pickle: a row for the keys from 0 on without a gap, a map for all others. */
export class PickleMemo {
  readonly row: ValueRow;
  /** Place of the newest literal of the chunk that was put here undecoded. */
  private newest = -1;
  private readonly sparse = new Map<number, PickleValue>();

  constructor(private readonly limits: ScanLimits) {
    this.row = new ValueRow(limits.memo, 'values in the pickle memo');
  }

  /** The key that the next `MEMOIZE` takes. */
  get size(): number {
    return this.row.length + this.sparse.size;
  }

  /** `MEMOIZE` where nothing has to be decided or decoded; false where something has, and nothing was done. */
  append(stack: ValueRow, index: number): boolean {
    const { row } = this;
    const code = stack.codes[index];
    if (row.length === row.codes.length || this.sparse.size > 0 || (code >= 0 && code <= this.newest)) {
      return false;
    }
    row.addFrom(stack, index);
    this.newest = Math.max(this.newest, code);
    return true;
  }

  /** A fetch of a key of the row into a place of the stack; false for any other key, and nothing was done. */
  fetch(key: number, stack: ValueRow, index: number): boolean {
    const { row } = this;
    if (key >= row.length) {
      return false;
    }
    // Decoded here first, so that the same text is shared however often it is fetched.
    row.resolve(key);
    stack.codes[index] = row.codes[key];
    stack.held[index] = row.held[key];
    return true;
  }

  /** Puts a value of the stack under a key. Throws `LIMIT_EXCEEDED`. */
  put(key: number, stack: ValueRow, index: number): void {
    // A literal is put undecoded once: were it often, each key would decode it into a text of its own.
    if (key !== this.row.length || stack.codes[index] <= this.newest) {
      stack.resolve(index);
    }
    if (key < this.row.length) {
      this.row.replace(key, stack.resolve(index));
      return;
    }
    if (this.size >= this.limits.memo && !this.sparse.has(key)) {
      throw new ScanError('LIMIT_EXCEEDED', 0, `more than ${this.limits.memo} values in the pickle memo`);
    }
    if (key === this.row.length && !this.sparse.has(key)) {
      this.newest = Math.max(this.newest, stack.codes[index]);
      this.row.addFrom(stack, index);
    } else {
      this.sparse.set(key, stack.resolve(index));
    }
  }

  /** Appends the value under a key to the stack; false where the key was never set. Throws `LIMIT_EXCEEDED`. */
  get(key: number, stack: ValueRow): boolean {
    if (key < this.row.length) {
      this.row.resolve(key);
      stack.addFrom(this.row, key);
      return true;
    }
    const value = this.sparse.get(key);
    if (value !== undefined) {
      stack.add(value);
    }
    return value !== undefined;
  }

  /** Decodes what refers to the chunk, before another one takes its place. */
  settle(): void {
    this.row.settle();
    this.newest = -1;
  }
}
