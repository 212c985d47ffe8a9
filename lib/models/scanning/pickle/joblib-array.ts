import { DictValue, GlobalValue, ObjectValue, Opaque, TupleValue, type PickleValue } from './pickle-value';

/** What follows the state of a joblib array wrapper in the stream. */
export type JoblibArray =
  /** Raw numbers: a padding byte and its padding where `aligned`, then `length` bytes. */
  | { readonly kind: 'RAW'; readonly length: number; readonly aligned: boolean }
  /** The array holds Python objects: another pickle. */
  | { readonly kind: 'PICKLE' };

const ITEM = /^[<>|=]?([?bBiufcSaUVmMO])(\d{1,9})$/;

/** Reads the wrapper's own state; undefined where it is not exactly what joblib writes. */
export function joblibArray(wrapper: ObjectValue): JoblibArray | undefined {
  const { state } = wrapper;
  if (!(state instanceof DictValue) || !state.complete) {
    return undefined;
  }
  const shape = state.entries.get('shape');
  const dtype = dtypeOf(state.entries.get('dtype'), 0);
  const alignment = state.entries.get('numpy_array_alignment_bytes');
  if (!(state.entries.get('subclass') instanceof GlobalValue) || !(shape instanceof TupleValue) || dtype === undefined) {
    return undefined;
  }
  if (dtype.objects) {
    return { kind: 'PICKLE' };
  }
  let count = 1;
  for (const side of shape.items) {
    const size = side instanceof ObjectValue ? undefined : side;
    if (typeof size !== 'number' || size < 0) {
      return undefined;
    }
    count *= size;
  }
  const length = count * dtype.size;
  return Number.isSafeInteger(length) ? { kind: 'RAW', length, aligned: alignment !== undefined && alignment !== Opaque.NONE } : undefined;
}

/** Item size of a dtype that was called with numpy's own text, with its fields looked through for objects. */
function dtypeOf(value: PickleValue | undefined, depth: number): { size: number; objects: boolean } | undefined {
  if (!(value instanceof ObjectValue) || value.callee.key !== 'numpy dtype' || typeof value.args[0] !== 'string' || depth > 4) {
    return undefined;
  }
  const item = ITEM.exec(value.args[0]);
  if (item === null) {
    return undefined;
  }
  const [, kind, width] = item;
  if (kind === 'O') {
    return { size: Number(width), objects: true };
  }
  if (kind !== 'V') {
    // The text of a Unicode type counts characters of four bytes.
    return { size: Number(width) * (kind === 'U' ? 4 : 1), objects: false };
  }
  const fields = value.state instanceof TupleValue ? value.state.items[4] : undefined;
  if (!(fields instanceof DictValue) || !fields.complete || fields.entries.size === 0) {
    return undefined;
  }
  let objects = false;
  for (const field of fields.entries.values()) {
    const inner = field instanceof TupleValue ? dtypeOf(field.items[0], depth + 1) : undefined;
    if (inner === undefined) {
      return undefined;
    }
    objects ||= inner.objects;
  }
  return { size: Number(width), objects };
}
