import { ScanError } from '../scan-error';
import type { ScanLimits } from '../scan-limits';
import type { ByteWindow } from './byte-window';
import type { GlobalList } from './global-list';
import { LiteralRun } from './literal-run';
import { ARGUMENT, INVALID, ONE_LINE, Opcode, SIZED, TWO_LINES } from './opcode';
import { PickleEffects, type PickleListener } from './pickle-effects';
import { PickleMemo } from './pickle-memo';
import { PickleStack } from './pickle-stack';
import { decodeRawUnicode, unquote } from './pickle-text';
import { BytesValue, Opaque, type ObjectValue, type PickleValue } from './pickle-value';
import { runPlain } from './plain-opcodes';

/** Why the machine paused. */
export type PickleStep =
  /** More bytes are needed: `need` of them from the window's position on. */
  | 'MORE'
  /** `STOP`: the pickle is whole. */
  | 'STOP'
  /** joblib reads raw array bytes here before the next opcode. */
  | 'ARRAY';

const LINE_LIMIT = 64 * 1024;
const INTEGER_TEXT = /^-?\d+L?$/;
const FLOAT_TEXT = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+|inf|nan)(?:e[+-]?\d+)?$/i;

/**
 * Runs the opcodes of one pickle over symbols: nothing is imported, called or built.
 *
 * It goes on after a memo key that was never set and after computed names, so that a report shows what comes behind them; where the
 * stream itself cannot be read on, it throws, as Python does.
 */
export class PickleMachine {
  /** Bytes that the next step needs, after `MORE`. */
  need = 1;
  /** Opcodes run so far. */
  opcodes = 0;
  /** Where the last frame ends. */
  frameEnd = 0;
  private readonly stack: PickleStack;
  private readonly memo: PickleMemo;
  private readonly effects: PickleEffects;
  private readonly literals: LiteralRun;

  constructor(
    private readonly limits: ScanLimits,
    globals: GlobalList,
    listener: PickleListener,
  ) {
    this.stack = new PickleStack(limits);
    this.memo = new PickleMemo(limits);
    this.effects = new PickleEffects(limits, globals, listener);
    this.literals = new LiteralRun(this.stack, this.memo, this.effects, limits);
  }

  /** Hands over the wrapper whose bytes follow, after `ARRAY`. */
  takeWrapper(): ObjectValue {
    const { wrapper } = this.effects;
    if (wrapper === undefined) {
      throw new Error('no joblib array is due: call this after ARRAY only');
    }
    this.effects.wrapper = undefined;
    return wrapper;
  }

  /** Runs until the pickle ends, more bytes are needed, or array bytes follow. Throws `ScanError` where Python would raise. */
  run(window: ByteWindow): PickleStep {
    try {
      return this.walk(window);
    } catch (error) {
      if (error instanceof ScanError) {
        throw new ScanError(error.code, this.effects.offset, error.found);
      }
      throw error;
    }
  }

  private walk(window: ByteWindow): PickleStep {
    const { base } = window;
    const bytes = Buffer.from(window.bytes.buffer, window.bytes.byteOffset, window.bytes.length);
    const { stack, memo, literals } = this;
    const end = bytes.length;
    let at = window.at;
    let start = at;
    let opcodes = 0;
    literals.begin(bytes);
    try {
      while (at < end) {
        if (LiteralRun.BEGINS[bytes[at]] === 1) {
          at = literals.walk(at);
          if (at >= end) {
            break;
          }
        }
        start = at;
        const opcode = bytes[at++];
        opcodes += 1;
        const width = ARGUMENT[opcode];
        if (width === 0) {
          if (opcode === Opcode.STOP) {
            stack.drop();
            window.at = at;
            return 'STOP';
          }
          this.effects.offset = base + start;
          runPlain(opcode, stack, memo, this.effects);
          if (this.effects.wrapper !== undefined) {
            window.at = at;
            this.settle();
            return 'ARRAY';
          }
        } else if (width <= 8) {
          if (at + width > end) {
            return this.pause(window, start, 1 + width);
          }
          const length = SIZED[opcode] === 1 ? unsigned(bytes, at, width) : 0;
          if (length > (opcode === Opcode.LONG4 ? 0x7fffffff : Number.MAX_SAFE_INTEGER)) {
            throw new ScanError('MALFORMED', 0, `length ${length}`);
          }
          if (length > 0 && length <= this.limits.stringLength && at + width + length > end) {
            return this.pause(window, start, 1 + width + length);
          }
          this.effects.offset = base + start;
          this.fixed(opcode, bytes, base, at, width, length);
          at += width + length;
        } else if (width === INVALID) {
          throw new ScanError('MALFORMED', 0, `0x${opcode.toString(16).padStart(2, '0')} is no pickle opcode`);
        } else {
          const lineEnd = this.lines(opcode, bytes, base, at, width);
          if (lineEnd < 0) {
            return this.pause(window, start, (end - start) * 2 + 64);
          }
          at = lineEnd + 1;
        }
      }
      return this.pause(window, at, 1);
    } catch (error) {
      this.effects.offset = base + start;
      throw error;
    } finally {
      this.opcodes += opcodes + literals.takeCount();
    }
  }

  private pause(window: ByteWindow, at: number, need: number): PickleStep {
    window.at = at;
    this.need = need;
    if (this.opcodes > this.limits.opcodes) {
      throw new ScanError('LIMIT_EXCEEDED', 0, `more than ${this.limits.opcodes} opcodes`);
    }
    this.settle();
    return 'MORE';
  }

  /** Decodes what stack and memo still hold of the chunk. */
  private settle(): void {
    this.stack.row.settle();
    this.memo.settle();
  }

  /** Opcodes with one or two lines as argument; gives the end of the last line, or -1 where the chunk ends before. */
  private lines(opcode: number, bytes: Buffer, base: number, at: number, width: number): number {
    const first = bytes.indexOf(10, at);
    const lineEnd = width === TWO_LINES && first >= 0 ? bytes.indexOf(10, first + 1) : first;
    if ((lineEnd < 0 ? bytes.length : lineEnd) - at > 2 * LINE_LIMIT) {
      throw new ScanError('LIMIT_EXCEEDED', 0, `line longer than ${LINE_LIMIT}`);
    }
    if (lineEnd >= 0) {
      this.effects.offset = base + at - 1;
      if (width === ONE_LINE) {
        this.line(opcode, bytes.toString('latin1', at, lineEnd));
      } else {
        const global = this.effects.global(bytes.toString('utf8', at, first), bytes.toString('utf8', first + 1, lineEnd));
        this.stack.push(opcode === Opcode.GLOBAL ? global : this.effects.call(global, this.effects.tuple(this.stack.popMarked())));
      }
    }
    return lineEnd;
  }

  /** Opcodes with an argument of a fixed width, or one of a length that precedes it. */
  private fixed(opcode: number, bytes: Buffer, base: number, at: number, width: number, length: number): void {
    const { stack } = this;
    switch (opcode) {
      case Opcode.BINFLOAT: stack.push(Opaque.DATA); break;
      case Opcode.BININT1: case Opcode.BININT2: stack.push(unsigned(bytes, at, width)); break;
      case Opcode.BININT: stack.push(signed(bytes, at, 4)); break;
      case Opcode.BINGET: case Opcode.LONG_BINGET: this.get(unsigned(bytes, at, width)); break;
      case Opcode.BINPUT: case Opcode.LONG_BINPUT: this.memo.put(unsigned(bytes, at, width), stack.row, stack.place(1)); break;
      case Opcode.FRAME: this.frameEnd = base + at + 8 + unsigned(bytes, at, 8); break;
      case Opcode.PROTO:
        this.effects.protocol = bytes[at];
        if (this.effects.protocol > 5) {
          throw new ScanError('MALFORMED', 0, `pickle protocol ${this.effects.protocol}`);
        }
        break;
      case Opcode.EXT1: case Opcode.EXT2: case Opcode.EXT4:
        this.effects.report('PICKLE_EXTENSION', `extension code ${unsigned(bytes, at, width)}`);
        stack.push(Opaque.UNKNOWN);
        break;
      default: stack.push(this.payload(opcode, bytes, base, at + width, length));
    }
  }

  /** Opcodes whose argument is a line. */
  private line(opcode: number, text: string): void {
    const { stack } = this;
    switch (opcode) {
      case Opcode.FLOAT: case Opcode.INT: case Opcode.LONG:
        if (!(opcode === Opcode.FLOAT ? FLOAT_TEXT : INTEGER_TEXT).test(text)) {
          throw new ScanError('MALFORMED', 0, `number ${text}`);
        }
        stack.push(opcode !== Opcode.FLOAT && text.length < 16 ? parseInt(text, 10) : Opaque.DATA);
        break;
      case Opcode.UNICODE: stack.push(this.effects.keep(decodeRawUnicode(text))); break;
      case Opcode.STRING: {
        const value = unquote(text.trimEnd());
        if (value === undefined) {
          throw new ScanError('MALFORMED', 0, 'text without matching quotes');
        }
        stack.push(this.effects.keep(value));
        break;
      }
      case Opcode.PERSID: stack.push(this.effects.persistent(text)); break;
      default: {
        if (!/^\d{1,15}$/.test(text)) {
          throw new ScanError('MALFORMED', 0, `memo key ${text}`);
        }
        if (opcode === Opcode.GET) {
          this.get(Number(text));
        } else {
          this.memo.put(Number(text), stack.row, stack.place(1));
        }
      }
    }
  }

  /** Opcodes whose argument has a length. */
  private payload(opcode: number, bytes: Buffer, base: number, at: number, length: number): PickleValue {
    const kept = length <= this.limits.stringLength;
    switch (opcode) {
      case Opcode.BINBYTES: case Opcode.SHORT_BINBYTES: case Opcode.BINBYTES8: case Opcode.BYTEARRAY8:
        return this.effects.tracked() ? new BytesValue(base + at, length) : Opaque.DATA;
      case Opcode.LONG1: case Opcode.LONG4:
        return length <= 6 ? signed(bytes, at, length) : Opaque.DATA;
      case Opcode.BINSTRING: case Opcode.SHORT_BINSTRING:
        return kept ? this.effects.keep(bytes.toString('latin1', at, at + length)) : Opaque.LOST_TEXT;
      default:
        return kept ? this.effects.keep(bytes.toString('utf8', at, at + length)) : Opaque.LOST_TEXT;
    }
  }

  private get(key: number): void {
    if (!this.memo.get(key, this.stack.row)) {
      this.effects.report('PICKLE_MEMO_UNSET', `memo key ${key} was never set`);
      this.stack.push(Opaque.UNKNOWN);
    }
  }
}

function unsigned(bytes: Uint8Array, at: number, width: number): number {
  let value = 0;
  for (let index = at + width - 1; index >= at; index -= 1) {
    value = value * 256 + bytes[index];
  }
  return value;
}

function signed(bytes: Uint8Array, at: number, width: number): number {
  const value = unsigned(bytes, at, width);
  return width > 0 && bytes[at + width - 1] >= 0x80 ? value - 2 ** (8 * width) : value;
}
