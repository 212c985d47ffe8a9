import type { ScanLimits } from '../scan-limits';
import { LITERAL_WIDTH } from './literal';
import { Opcode } from './opcode';
import type { PickleEffects } from './pickle-effects';
import type { PickleMemo } from './pickle-memo';
import type { PickleStack } from './pickle-stack';
import { LOST_TEXT } from './value-row';

/** Opcodes of a run that are no literals of a fixed width. */
const OTHERS: readonly number[] = [Opcode.SHORT_BINUNICODE, Opcode.BINUNICODE, Opcode.MEMOIZE, Opcode.BINGET, Opcode.BINPUT];

/**
 * The opcodes that large pickles mostly consist of: literals and what puts them into the memo. A run of them is only noted, in one loop
 * without calls or objects. Whatever needs a decision ends the run and is left to the machine: a limit, a text that is not ASCII, an
 * opcode that the chunk cuts.
 */
export class LiteralRun {
  private opcodes = 0;
  private bytes: Buffer = Buffer.alloc(0);
  private view: DataView = new DataView(new ArrayBuffer(0));
  private readonly textLimit: number;
  private readonly keptLimit: number;

  constructor(
    private readonly stack: PickleStack,
    private readonly memo: PickleMemo,
    private readonly effects: PickleEffects,
    limits: ScanLimits,
  ) {
    this.keptLimit = limits.keptStrings;
    this.textLimit = Math.min(limits.stringLength, 0xff_ffff);
  }

  /** Takes up a chunk; stack and memo must be settled. */
  begin(bytes: Buffer): void {
    this.stack.row.chunk = bytes;
    this.memo.row.chunk = bytes;
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  /** Whether a run may begin with this byte. */
  static readonly BEGINS: Uint8Array = LITERAL_WIDTH.map((width, opcode) => width > 0 || OTHERS.includes(opcode) ? 1 : 0);

  /** Notes literals from `at` on; gives the place of the first opcode that is none, or the end. */
  walk(at: number): number {
    const { bytes, view, stack, memo, effects, textLimit, keptLimit } = this;
    const { row } = stack;
    const { codes } = row;
    const room = codes.length;
    const end = bytes.length;
    let top = row.length;
    let kept = effects.keptCharacters;
    let opcodes = 0;
    let next = at;
    while (next < end && top < room) {
      const opcode = bytes[next];
      const width = LITERAL_WIDTH[opcode];
      if (width > 0) {
        if (next + width > end) {
          break;
        }
        codes[top++] = next;
        next += width;
      } else if (opcode === Opcode.SHORT_BINUNICODE || opcode === Opcode.BINUNICODE) {
        const start = next + (opcode === Opcode.BINUNICODE ? 5 : 2);
        if (start > end) {
          break;
        }
        const length = opcode === Opcode.BINUNICODE ? view.getUint32(next + 1, true) : bytes[next + 1];
        if (!(length <= textLimit) || start + length > end) {
          break;
        }
        if (kept > keptLimit) {
          codes[top++] = LOST_TEXT;
        } else if (isAscii(view, start, start + length)) {
          codes[top++] = next;
          kept += length;
        } else {
          break;
        }
        next = start + length;
      } else if (opcode === Opcode.MEMOIZE) {
        if (top <= stack.fence || !memo.append(row, top - 1)) {
          break;
        }
        next += 1;
      } else if (opcode === Opcode.BINGET) {
        if (next + 2 > end || !memo.fetch(bytes[next + 1], row, top)) {
          break;
        }
        top += 1;
        next += 2;
      } else if (opcode === Opcode.BINPUT) {
        if (next + 2 > end || top <= stack.fence || bytes[next + 1] !== memo.row.length || !memo.append(row, top - 1)) {
          break;
        }
        next += 2;
      } else {
        break;
      }
      opcodes += 1;
    }
    row.length = top;
    effects.keptCharacters = kept;
    this.opcodes += opcodes;
    return next;
  }

  /** Opcodes of the runs since the last call. */
  takeCount(): number {
    const { opcodes } = this;
    this.opcodes = 0;
    return opcodes;
  }
}

function isAscii(view: DataView, start: number, end: number): boolean {
  let bits = 0;
  let at = start;
  for (; at + 4 <= end; at += 4) {
    bits |= view.getInt32(at);
  }
  for (; at < end; at += 1) {
    bits |= view.getInt8(at);
  }
  return (bits & 0x80808080) === 0;
}
