import { ScanError } from '../scan-error';
import type { ScanLimits } from '../scan-limits';
import type { ByteWindow } from './byte-window';
import type { GlobalList } from './global-list';
import { ARGUMENT, INVALID, ONE_LINE, Opcode, SIZED, TWO_LINES } from './opcode';
import { KNOWN_KEYS, PickleEffects, type PickleListener } from './pickle-effects';
import { PickleStack } from './pickle-stack';
import { decodeLatin1, decodeRawUnicode, decodeUtf8, unquote } from './pickle-text';
import { BytesValue, DictValue, Opaque, type ObjectValue, type PickleValue } from './pickle-value';

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
  private readonly effects: PickleEffects;

  constructor(
    private readonly limits: ScanLimits,
    globals: GlobalList,
    listener: PickleListener,
  ) {
    this.stack = new PickleStack(limits);
    this.effects = new PickleEffects(limits, globals, listener);
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
    const { bytes, base } = window;
    const { stack } = this;
    const { values } = stack;
    const stackLimit = this.limits.stack;
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    const end = bytes.length;
    let at = window.at;
    let start = at;
    let opcodes = 0;
    try {
      while (at < end) {
        start = at;
        const opcode = bytes[at++];
        opcodes += 1;
        // What large pickles mostly consist of comes first, without calls.
        if (values.length < stackLimit) {
          if (opcode === Opcode.BINFLOAT && at + 8 <= end) {
            values.push(Opaque.DATA);
            at += 8;
            continue;
          }
          if (opcode === Opcode.BININT1 && at < end) {
            values.push(bytes[at++]);
            continue;
          }
          if (opcode === Opcode.BININT && at + 4 <= end) {
            values.push(bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24));
            at += 4;
            continue;
          }
          if (opcode === Opcode.SHORT_BINUNICODE && at < end && at + 1 + bytes[at] <= end && bytes[at] <= this.limits.stringLength) {
            values.push(this.effects.keep(text.toString('utf8', at + 1, at + 1 + bytes[at])));
            at += 1 + bytes[at];
            continue;
          }
          if (opcode === Opcode.MEMOIZE) {
            stack.put(stack.memoSize, stack.top());
            continue;
          }
        }
        const width = ARGUMENT[opcode];
        if (width === 0) {
          if (opcode === Opcode.STOP) {
            stack.pop();
            window.at = at;
            return 'STOP';
          }
          this.effects.offset = base + start;
          this.simple(opcode);
          if (this.effects.wrapper !== undefined) {
            window.at = at;
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
          let lineEnd = bytes.indexOf(10, at);
          const first = lineEnd;
          if (width === TWO_LINES && lineEnd >= 0) {
            lineEnd = bytes.indexOf(10, lineEnd + 1);
          }
          if ((lineEnd < 0 ? end : lineEnd) - at > 2 * LINE_LIMIT) {
            throw new ScanError('LIMIT_EXCEEDED', 0, `line longer than ${LINE_LIMIT}`);
          }
          if (lineEnd < 0) {
            return this.pause(window, start, (end - start) * 2 + 64);
          }
          this.effects.offset = base + start;
          at = lineEnd + 1;
          if (width === ONE_LINE) {
            this.line(opcode, text.toString('latin1', start + 1, lineEnd));
          } else {
            const global = this.effects.global(text.toString('utf8', start + 1, first), text.toString('utf8', first + 1, lineEnd));
            stack.push(opcode === Opcode.GLOBAL ? global : this.effects.call(global, this.effects.tuple(stack.popMarked())));
          }
        }
      }
      return this.pause(window, at, 1);
    } catch (error) {
      this.effects.offset = base + start;
      throw error;
    } finally {
      this.opcodes += opcodes;
    }
  }

  private pause(window: ByteWindow, at: number, need: number): PickleStep {
    window.at = at;
    this.need = need;
    if (this.opcodes > this.limits.opcodes) {
      throw new ScanError('LIMIT_EXCEEDED', 0, `more than ${this.limits.opcodes} opcodes`);
    }
    return 'MORE';
  }

  /** Opcodes with an argument of a fixed width, or one of a length that precedes it. */
  private fixed(opcode: number, bytes: Uint8Array, base: number, at: number, width: number, length: number): void {
    const { stack } = this;
    switch (opcode) {
      case Opcode.BINFLOAT: stack.push(Opaque.DATA); break;
      case Opcode.BININT1: case Opcode.BININT2: stack.push(unsigned(bytes, at, width)); break;
      case Opcode.BININT: stack.push(signed(bytes, at, 4)); break;
      case Opcode.BINGET: case Opcode.LONG_BINGET: this.get(unsigned(bytes, at, width)); break;
      case Opcode.BINPUT: case Opcode.LONG_BINPUT: stack.put(unsigned(bytes, at, width), stack.top()); break;
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

  /** Opcodes without an argument, the rarer ones. */
  private simple(opcode: number): void {
    const { stack } = this;
    switch (opcode) {
      case Opcode.MARK: stack.mark(); break;
      case Opcode.NONE: stack.push(Opaque.NONE); break;
      case Opcode.NEWTRUE: stack.push(Opaque.TRUE); break;
      case Opcode.NEWFALSE: stack.push(Opaque.FALSE); break;
      case Opcode.EMPTY_LIST: case Opcode.EMPTY_SET: stack.push(Opaque.DATA); break;
      case Opcode.MEMOIZE: stack.put(stack.memoSize, stack.top()); break;
      case Opcode.POP: stack.popAny(); break;
      case Opcode.POP_MARK: stack.dropMarked(); break;
      case Opcode.DUP: stack.push(stack.top()); break;
      case Opcode.EMPTY_TUPLE: stack.push(this.effects.tuple([])); break;
      case Opcode.EMPTY_DICT: stack.push(this.effects.tracked() ? new DictValue() : Opaque.DATA); break;
      case Opcode.LIST: stack.dropMarked(); stack.push(Opaque.DATA); break;
      case Opcode.FROZENSET: stack.dropMarked(); stack.push(Opaque.DATA); break;
      case Opcode.TUPLE: stack.push(this.effects.tuple(stack.popMarked())); break;
      case Opcode.TUPLE1: stack.push(this.effects.tuple([stack.pop()])); break;
      case Opcode.TUPLE2: { const b = stack.pop(); stack.push(this.effects.tuple([stack.pop(), b])); break; }
      case Opcode.TUPLE3: { const c = stack.pop(); const b = stack.pop(); stack.push(this.effects.tuple([stack.pop(), b, c])); break; }
      case Opcode.DICT: {
        const items = stack.popMarked();
        const dict = this.effects.tracked() ? new DictValue() : Opaque.DATA;
        this.effects.setItems(dict, items);
        stack.push(dict);
        break;
      }
      case Opcode.APPEND: stack.pop(); this.effects.mutate(stack.top()); break;
      case Opcode.APPENDS: case Opcode.ADDITEMS: stack.dropMarked(); this.effects.mutate(stack.top()); break;
      case Opcode.SETITEM: { const value = stack.pop(); const key = stack.pop(); this.effects.setItems(stack.top(), [key, value]); break; }
      case Opcode.SETITEMS:
        if (stack.marked > 2 * KNOWN_KEYS) {
          stack.dropMarked();
          this.effects.setItems(stack.top(), undefined);
        } else {
          const items = stack.popMarked();
          this.effects.setItems(stack.top(), items);
        }
        break;
      case Opcode.REDUCE: { const args = stack.pop(); stack.push(this.effects.call(stack.pop(), args)); break; }
      case Opcode.NEWOBJ: { const args = stack.pop(); stack.push(this.effects.call(stack.pop(), args)); break; }
      case Opcode.NEWOBJ_EX: { stack.pop(); const args = stack.pop(); stack.push(this.effects.call(stack.pop(), args)); break; }
      case Opcode.OBJ: {
        const items = stack.popMarked();
        stack.push(this.effects.call(items[0] ?? Opaque.UNKNOWN, this.effects.tuple(items.slice(1))));
        break;
      }
      case Opcode.STACK_GLOBAL: { const name = stack.pop(); stack.push(this.effects.stackGlobal(stack.pop(), name)); break; }
      case Opcode.BUILD: { const state = stack.pop(); this.effects.build(stack.top(), state); break; }
      case Opcode.BINPERSID: stack.push(this.effects.persistent(stack.pop())); break;
      case Opcode.NEXT_BUFFER:
        this.effects.report('PICKLE_OUT_OF_BAND', 'buffer outside the pickle');
        stack.push(Opaque.DATA);
        break;
      case Opcode.READONLY_BUFFER: stack.top(); break;
      default: throw new ScanError('MALFORMED', 0, `opcode 0x${opcode.toString(16)}`);
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
          stack.put(Number(text), stack.top());
        }
      }
    }
  }

  /** Opcodes whose argument has a length. */
  private payload(opcode: number, bytes: Uint8Array, base: number, at: number, length: number): PickleValue {
    const kept = length <= this.limits.stringLength;
    switch (opcode) {
      case Opcode.BINBYTES: case Opcode.SHORT_BINBYTES: case Opcode.BINBYTES8: case Opcode.BYTEARRAY8:
        return this.effects.tracked() ? new BytesValue(base + at, length) : Opaque.DATA;
      case Opcode.LONG1: case Opcode.LONG4:
        return length <= 6 ? signed(bytes, at, length) : Opaque.DATA;
      case Opcode.BINSTRING: case Opcode.SHORT_BINSTRING:
        return kept ? this.effects.keep(decodeLatin1(bytes, at, at + length)) : Opaque.LOST_TEXT;
      default:
        return kept ? this.effects.keep(decodeUtf8(bytes, at, at + length)) : Opaque.LOST_TEXT;
    }
  }

  private get(key: number): void {
    const value = this.stack.get(key);
    if (value === undefined) {
      this.effects.report('PICKLE_MEMO_UNSET', `memo key ${key} was never set`);
    }
    this.stack.push(value ?? Opaque.UNKNOWN);
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
