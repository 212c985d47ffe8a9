const SCALARS = [
  'bool', 'bool_', 'int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32', 'uint64', 'float16', 'float32', 'float64',
  'longdouble', 'complex64', 'complex128', 'str_', 'bytes_', 'datetime64', 'timedelta64',
];

/** Arrays, scalars and dtypes of numpy 1 and 2, and joblib's wrapper around array bytes. */
export const NUMPY_GLOBALS: readonly string[] = [
  'numpy ndarray', 'numpy dtype',
  ...['numpy.core', 'numpy._core'].flatMap((core) => [
    `${core}.multiarray _reconstruct`, `${core}.multiarray scalar`, `${core}.numeric _frombuffer`,
  ]),
  'numpy.ma.core _mareconstruct', 'numpy.ma.core MaskedArray',
  'numpy.random._pickle __randomstate_ctor', 'numpy.random._pickle __generator_ctor', 'numpy.random._pickle __bit_generator_ctor',
  'numpy.random._mt19937 MT19937', 'numpy.random._pcg64 PCG64',
  ...SCALARS.map((scalar) => `numpy ${scalar}`),
  'joblib.numpy_pickle NumpyArrayWrapper',
];
