/** Plain Python data, as Python's own pickler writes it. */
export const DATA_GLOBALS: readonly string[] = [
  'builtins set', 'builtins frozenset', 'builtins bytearray', 'builtins complex', 'builtins range', 'builtins slice',
  'builtins object', 'builtins int', 'builtins float', 'builtins bool', 'builtins str', 'builtins bytes', 'builtins list',
  'builtins dict', 'builtins tuple', 'collections OrderedDict', 'collections Counter', 'collections defaultdict',
  'collections deque', 'datetime date', 'datetime time', 'datetime datetime', 'datetime timedelta', 'datetime timezone',
  'decimal Decimal', 'fractions Fraction', 'uuid UUID', 'copyreg _reconstructor', '_codecs encode',
];
