/** A name that the pickle imports. */
export class GlobalValue {
  constructor(
    readonly module: string,
    readonly name: string,
    /** On the allow-list; anything else has been reported when it was imported. */
    readonly listed: boolean,
  ) {}

  /** `module name`, as lists and reports write it. */
  get key(): string {
    return `${this.module} ${this.name}`;
  }
}

/** What a call of an imported name gives. */
export class ObjectValue {
  state: PickleValue | undefined;

  constructor(
    readonly callee: GlobalValue,
    readonly args: readonly PickleValue[],
  ) {}
}

/** A byte string: where it lies in the source, not what it holds. */
export class BytesValue {
  constructor(
    readonly offset: number,
    readonly length: number,
  ) {}
}

/** A short tuple whose members are known. */
export class TupleValue {
  constructor(readonly items: readonly PickleValue[]) {}
}

/** A dictionary; its text keys are known while it is small. */
export class DictValue {
  readonly entries = new Map<string, PickleValue>();
  complete = true;
}

/** Everything else, told apart only as far as the rules need it. */
export class Opaque {
  private constructor(readonly what: string) {}

  static readonly NONE = new Opaque('none');
  static readonly TRUE = new Opaque('true');
  static readonly FALSE = new Opaque('false');
  /** Plain data: numbers, lists, sets, long tuples. */
  static readonly DATA = new Opaque('data');
  /** A text that a limit made the machine forget. */
  static readonly LOST_TEXT = new Opaque('lost text');
  /** What a persistent id stands for. */
  static readonly PERSISTENT = new Opaque('persistent object');
  /** Not known: an unset memo key, an extension code, the result of a computed call. */
  static readonly UNKNOWN = new Opaque('unknown');
}

/** A value on the symbolic stack. */
export type PickleValue = number | string | GlobalValue | ObjectValue | BytesValue | TupleValue | DictValue | Opaque;

/** A short text for a report. */
export function describe(value: PickleValue | undefined): string {
  if (value === undefined) {
    return '<nothing>';
  }
  if (typeof value === 'number' || typeof value === 'string') {
    return String(value);
  }
  if (value instanceof GlobalValue) {
    return value.key;
  }
  return value instanceof Opaque ? `<${value.what}>` : `<${value.constructor.name.replace('Value', '').toLowerCase()}>`;
}
