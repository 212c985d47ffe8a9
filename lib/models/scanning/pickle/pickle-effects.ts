import type { ReasonCode } from '../reason';
import { ScanError } from '../scan-error';
import type { ScanLimits } from '../scan-limits';
import { forbiddenArgument, nestedPickle } from './call-rules';
import type { GlobalList } from './global-list';
import { type BytesValue, describe, DictValue, GlobalValue, ObjectValue, Opaque, TupleValue, type PickleValue } from './pickle-value';
import { DATA, type ValueRow } from './value-row';

/** Who hears what a pickle does. */
export interface PickleListener {
  /** Something that the policy does not accept. */
  report(code: ReasonCode, offset: number, found: string): void;
  /** A byte string is handed to another unpickler. */
  nested(payload: BytesValue): void;
  /** A persistent id; true where the loader around this pickle knows what it stands for. */
  persistent(id: PickleValue): boolean;
}

/** Key of the class behind whose state joblib writes raw bytes. */
export const JOBLIB_WRAPPER = 'joblib.numpy_pickle NumpyArrayWrapper';

const KNOWN_ITEMS = 32;
const KNOWN_COMPOSITES = 1_000_000;
/** Keys of a dictionary that are kept; what is larger is data, whatever it holds. */
export const KNOWN_KEYS = 64;

/** What opcodes would do in Python, done to symbols: import, call, set state. Whatever the lists do not allow is told to the listener. */
export class PickleEffects {
  /** Offset of the opcode that runs. */
  offset = 0;
  /** Protocol that the pickle declared. */
  protocol = 0;
  /** Characters of texts that were kept. */
  keptCharacters = 0;
  /** The joblib wrapper whose state was just set. */
  wrapper: ObjectValue | undefined;
  private composites = 0;

  constructor(
    private readonly limits: ScanLimits,
    private readonly globals: GlobalList,
    private readonly listener: PickleListener,
  ) {}

  /** Reports something in the opcode that runs. */
  report(code: ReasonCode, found: string): void {
    this.listener.report(code, this.offset, found);
  }

  /** A text, or the mark of a lost one where a limit forbids to keep it. */
  keep(text: string): PickleValue {
    if (text.length > this.limits.stringLength || this.keptCharacters > this.limits.keptStrings) {
      return Opaque.LOST_TEXT;
    }
    this.keptCharacters += text.length;
    return text;
  }

  /** Whether one more composite value is followed. */
  tracked(): boolean {
    this.composites += 1;
    return this.composites <= KNOWN_COMPOSITES;
  }

  /** A tuple, followed while it is short. */
  tuple(items: readonly PickleValue[]): PickleValue {
    return items.length <= KNOWN_ITEMS && this.tracked() ? new TupleValue(items) : Opaque.DATA;
  }

  /** Puts one tuple in the place of the values from `start` on. */
  tupleFrom(row: ValueRow, start: number): void {
    const known = row.length - start <= KNOWN_ITEMS && this.tracked();
    const items = known ? row.from(start) : [];
    row.truncate(start);
    if (known) {
      row.add(new TupleValue(items));
    } else {
      row.addCode(DATA);
    }
  }

  /** An import whose names come from the stack. Throws `LIMIT_EXCEEDED` where one of them was lost. */
  stackGlobal(module: PickleValue, name: PickleValue): PickleValue {
    if (typeof module === 'string' && typeof name === 'string') {
      return this.global(module, name);
    }
    if (module === Opaque.LOST_TEXT || name === Opaque.LOST_TEXT) {
      throw new ScanError('LIMIT_EXCEEDED', 0, `name longer than ${this.limits.stringLength}, or too much text before it`);
    }
    this.listener.report('PICKLE_COMPUTED_GLOBAL', this.offset, `${describe(module)} ${describe(name)}`);
    return Opaque.UNKNOWN;
  }

  /** An import. */
  global(module: string, name: string): GlobalValue {
    const standing = this.globals.standing(module, name, this.protocol);
    if (standing !== 'LISTED') {
      this.listener.report(standing === 'DENIED' ? 'PICKLE_DENIED_GLOBAL' : 'PICKLE_UNLISTED_GLOBAL', this.offset, `${module} ${name}`);
    }
    return new GlobalValue(module, name, standing === 'LISTED');
  }

  /** A call, whichever opcode makes it. */
  call(callee: PickleValue, args: PickleValue): PickleValue {
    if (!(callee instanceof GlobalValue)) {
      this.listener.report('PICKLE_COMPUTED_CALL', this.offset, `call of ${describe(callee)}`);
      return Opaque.UNKNOWN;
    }
    const payload = nestedPickle(callee, args);
    if (payload !== undefined) {
      this.listener.report('PICKLE_NESTED', payload.offset, `${payload.length} bytes handed to ${callee.key}`);
      this.listener.nested(payload);
    }
    const wrong = forbiddenArgument(callee, args);
    if (wrong !== undefined) {
      this.listener.report('PICKLE_FORBIDDEN_ARGUMENT', this.offset, `${callee.key}: ${wrong}`);
    }
    this.composites += 1;
    return new ObjectValue(callee, args instanceof TupleValue ? args.items : []);
  }

  persistent(id: PickleValue): PickleValue {
    if (!this.listener.persistent(id)) {
      this.listener.report('PICKLE_PERSISTENT_ID', this.offset, `persistent id ${describe(id)}`);
    }
    return Opaque.PERSISTENT;
  }

  /** State set on a value. */
  build(target: PickleValue, state: PickleValue): void {
    if (target instanceof GlobalValue) {
      this.listener.report('PICKLE_CHANGES_GLOBAL', this.offset, `sets attributes of ${target.key}`);
    } else if (!(target instanceof ObjectValue)) {
      this.listener.report('PICKLE_STATE_ON_DATA', this.offset, `sets attributes of ${describe(target)}`);
    } else {
      target.state = state;
      if (isJoblibWrapper(target)) {
        this.wrapper = target;
      }
    }
  }

  /** An addition to a value. */
  mutate(target: PickleValue): void {
    if (target instanceof GlobalValue) {
      this.listener.report('PICKLE_CHANGES_GLOBAL', this.offset, `adds to ${target.key}`);
    }
  }

  /** Keys and values in turn, set in a value; undefined for too many of them. */
  setItems(target: PickleValue, items: readonly PickleValue[] | undefined): void {
    this.mutate(target);
    if (!(target instanceof DictValue)) {
      return;
    }
    if (items === undefined || target.entries.size > KNOWN_KEYS) {
      target.complete = false;
      return;
    }
    for (let index = 0; index + 1 < items.length; index += 2) {
      const key = items[index];
      if (typeof key === 'string') {
        target.entries.set(key, items[index + 1]);
      } else {
        target.complete = false;
      }
    }
  }
}

function isJoblibWrapper(value: ObjectValue): boolean {
  const [first] = value.args;
  return value.callee.key === JOBLIB_WRAPPER || (first instanceof GlobalValue && first.key === JOBLIB_WRAPPER);
}
