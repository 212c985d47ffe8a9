import { ScanError } from '../scan-error';
import { literalAt } from './literal';
import { Opaque, type PickleValue } from './pickle-value';

/** The value lies in `held`. */
export const HELD = -1;
/** `Opaque.DATA`. */
export const DATA = -2;
/** `Opaque.LOST_TEXT`. */
export const LOST_TEXT = -3;

const FIRST_CAPACITY = 64;

/**
 * A row of values that notes a literal by the place of its opcode in the chunk that is being read, and decodes it only when somebody
 * asks for it: nearly all literals of a large pickle are dropped unseen.
 */
export class ValueRow {
  /** Number of values. */
  length = 0;
  /** For each value the place of a literal in the chunk, or one of the codes above. Never longer than the limit. */
  codes: Int32Array;
  /** As long as `codes`, so that it stays a plain array. What no code points at is stale. */
  readonly held: PickleValue[] = [];
  /** What the places count from. */
  chunk: Buffer = Buffer.alloc(0);
  /** Values in front of this one refer to no chunk. */
  private settled = 0;

  /** @param what the values, for the message of a limit exceeded */
  constructor(
    private readonly limit: number,
    private readonly what: string,
  ) {
    this.codes = new Int32Array(0);
    this.reserve(FIRST_CAPACITY);
  }

  /** Appends a value. Throws `LIMIT_EXCEEDED`. */
  add(value: PickleValue): void {
    this.makeRoom();
    this.codes[this.length] = HELD;
    this.held[this.length++] = value;
  }

  /** Appends a literal by its place, or one of the codes other than `HELD`. Throws `LIMIT_EXCEEDED`. */
  addCode(code: number): void {
    this.makeRoom();
    this.codes[this.length++] = code;
  }

  /** Appends a value of a row over the same chunk. Throws `LIMIT_EXCEEDED`. */
  addFrom(row: ValueRow, index: number): void {
    this.makeRoom();
    this.codes[this.length] = row.codes[index];
    this.held[this.length++] = row.held[index];
  }

  /** Puts a value in the place of another. */
  replace(index: number, value: PickleValue): void {
    this.codes[index] = HELD;
    this.held[index] = value;
  }

  /** The value, decoded for good, so that whoever asks again gets the same one. */
  resolve(index: number): PickleValue {
    const code = this.codes[index];
    if (code >= 0) {
      const value = literalAt(this.chunk, code);
      this.replace(index, value);
      return value;
    }
    return code === HELD ? this.held[index] : code === DATA ? Opaque.DATA : Opaque.LOST_TEXT;
  }

  /** The values from `start` on. */
  from(start: number): PickleValue[] {
    const values: PickleValue[] = [];
    for (let index = start; index < this.length; index += 1) {
      values.push(this.resolve(index));
    }
    return values;
  }

  /** Removes values from the end. */
  truncate(length: number): void {
    this.length = length;
    if (length < this.settled) {
      this.settled = length;
    }
  }

  /** Decodes what refers to the chunk, before another one takes its place. */
  settle(): void {
    for (let index = this.settled; index < this.length; index += 1) {
      if (this.codes[index] >= 0) {
        this.resolve(index);
      }
    }
    this.settled = this.length;
  }

  private makeRoom(): void {
    if (this.length === this.codes.length) {
      if (!(this.length < this.limit)) {
        throw new ScanError('LIMIT_EXCEEDED', 0, `more than ${this.limit} ${this.what}`);
      }
      this.reserve(2 * this.length);
    }
  }

  private reserve(wanted: number): void {
    const codes = new Int32Array(Math.max(0, Math.min(Math.ceil(this.limit), wanted)));
    codes.set(this.codes);
    this.codes = codes;
    while (this.held.length < codes.length) {
      this.held.push(Opaque.DATA);
    }
  }
}
