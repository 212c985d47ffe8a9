import { ScanError } from '../scan-error';
import { Opcode } from './opcode';
import { KNOWN_KEYS, type PickleEffects } from './pickle-effects';
import type { PickleMemo } from './pickle-memo';
import type { PickleStack } from './pickle-stack';
import { DictValue, Opaque } from './pickle-value';
import { DATA } from './value-row';

/** Runs an opcode that has no argument. */
export function runPlain(opcode: number, stack: PickleStack, memo: PickleMemo, effects: PickleEffects): void {
  switch (opcode) {
    case Opcode.MARK: stack.mark(); break;
    case Opcode.NONE: stack.push(Opaque.NONE); break;
    case Opcode.NEWTRUE: stack.push(Opaque.TRUE); break;
    case Opcode.NEWFALSE: stack.push(Opaque.FALSE); break;
    case Opcode.EMPTY_LIST: case Opcode.EMPTY_SET: stack.row.addCode(DATA); break;
    case Opcode.MEMOIZE: memo.put(memo.size, stack.row, stack.place(1)); break;
    case Opcode.POP: stack.popAny(); break;
    case Opcode.POP_MARK: stack.dropMarked(); break;
    case Opcode.DUP: stack.duplicate(); break;
    case Opcode.EMPTY_TUPLE: stack.push(effects.tuple([])); break;
    case Opcode.EMPTY_DICT: stack.push(effects.tracked() ? new DictValue() : Opaque.DATA); break;
    case Opcode.LIST: case Opcode.FROZENSET: stack.dropMarked(); stack.row.addCode(DATA); break;
    case Opcode.TUPLE: effects.tupleFrom(stack.row, stack.unmark()); break;
    case Opcode.TUPLE1: case Opcode.TUPLE2: case Opcode.TUPLE3:
      effects.tupleFrom(stack.row, stack.place(opcode - Opcode.TUPLE1 + 1));
      break;
    case Opcode.DICT: {
      const items = stack.popMarked();
      const dict = effects.tracked() ? new DictValue() : Opaque.DATA;
      effects.setItems(dict, items);
      stack.push(dict);
      break;
    }
    case Opcode.APPEND: stack.drop(); effects.mutate(stack.top()); break;
    case Opcode.APPENDS: case Opcode.ADDITEMS: stack.dropMarked(); effects.mutate(stack.top()); break;
    case Opcode.SETITEM: { const value = stack.pop(); const key = stack.pop(); effects.setItems(stack.top(), [key, value]); break; }
    case Opcode.SETITEMS: setItems(stack, effects); break;
    case Opcode.REDUCE: { const args = stack.pop(); stack.push(effects.call(stack.pop(), args)); break; }
    case Opcode.NEWOBJ: { const args = stack.pop(); stack.push(effects.call(stack.pop(), args)); break; }
    case Opcode.NEWOBJ_EX: { stack.drop(); const args = stack.pop(); stack.push(effects.call(stack.pop(), args)); break; }
    case Opcode.OBJ: {
      const items = stack.popMarked();
      stack.push(effects.call(items[0] ?? Opaque.UNKNOWN, effects.tuple(items.slice(1))));
      break;
    }
    case Opcode.STACK_GLOBAL: { const name = stack.pop(); stack.push(effects.stackGlobal(stack.pop(), name)); break; }
    case Opcode.BUILD: { const state = stack.pop(); effects.build(stack.top(), state); break; }
    case Opcode.BINPERSID: stack.push(effects.persistent(stack.pop())); break;
    case Opcode.NEXT_BUFFER:
      effects.report('PICKLE_OUT_OF_BAND', 'buffer outside the pickle');
      stack.row.addCode(DATA);
      break;
    case Opcode.READONLY_BUFFER: stack.place(1); break;
    default: throw new ScanError('MALFORMED', 0, `opcode 0x${opcode.toString(16)}`);
  }
}

/** Keys and values above the last mark go into what lies under it; they are decoded only where they can matter. */
function setItems(stack: PickleStack, effects: PickleEffects): void {
  const { row } = stack;
  const start = stack.unmark();
  const target = row.resolve(stack.place(row.length - start + 1));
  const few = row.length - start <= 2 * KNOWN_KEYS;
  effects.setItems(target, few && target instanceof DictValue ? row.from(start) : undefined);
  row.truncate(start);
}
