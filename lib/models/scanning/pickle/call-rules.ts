import { BytesValue, Opaque, TupleValue, type GlobalValue, type PickleValue } from './pickle-value';

/** Functions that read another pickle out of their argument. */
const LOADERS: ReadonlySet<string> = new Set([
  'pickle loads', 'pickle._loads _loads', 'pickle _loads', '_pickle loads', 'cPickle loads', 'dill loads', 'dill._dill loads',
  'cloudpickle loads', 'cloudpickle.cloudpickle loads', 'torch.storage _load_from_bytes', 'numpy loads', 'joblib load', 'torch load',
]);

const TEXT_CODECS: ReadonlySet<string> = new Set(['latin1', 'latin-1', 'utf-8', 'utf8', 'ascii']);

/** The byte string or text that a call hands to another unpickler; undefined where it hands over none. */
export function nestedPickle(callee: GlobalValue, args: PickleValue): BytesValue | undefined {
  if (!LOADERS.has(callee.key) || !(args instanceof TupleValue)) {
    return undefined;
  }
  return args.items.find((item): item is BytesValue => item instanceof BytesValue);
}

/**
 * Says what is wrong with the arguments of a call of a listed name; undefined where nothing is.
 *
 * A few harmless functions are harmless only with the arguments that Python's pickler gives them.
 */
export function forbiddenArgument(callee: GlobalValue, args: PickleValue): string | undefined {
  const items = args instanceof TupleValue ? args.items : undefined;
  switch (callee.key) {
    case '_codecs encode':
      // Other codecs decompress, or import a module by name.
      return items !== undefined && typeof items[1] === 'string' && TEXT_CODECS.has(items[1]) ? undefined : 'codec other than text';
    case 'builtins bytearray':
    case '__builtin__ bytearray':
    case 'builtins bytes':
    case '__builtin__ bytes':
      // A number as argument allocates that many bytes.
      return items !== undefined && typeof items[0] !== 'number' && items[0] !== Opaque.UNKNOWN ? undefined : 'buffer of a chosen size';
    default:
      return undefined;
  }
}
