const STORAGES = [
  'Float', 'Half', 'BFloat16', 'Double', 'Long', 'Int', 'Short', 'Char', 'Byte', 'Bool', 'ComplexFloat', 'ComplexDouble',
  'QInt8', 'QUInt8', 'QInt32', 'QUInt4x2', 'QUInt2x4', 'Untyped',
];
const DTYPES = [
  'float16', 'float32', 'float64', 'bfloat16', 'int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32', 'uint64', 'bool',
  'complex32', 'complex64', 'complex128', 'qint8', 'quint8', 'qint32', 'quint4x2', 'float8_e4m3fn', 'float8_e5m2',
  'float8_e4m3fnuz', 'float8_e5m2fnuz', 'half', 'float', 'double', 'short', 'int', 'long',
];

/** Classes that a persistent id of a torch file may name. */
export const TORCH_STORAGES: ReadonlySet<string> = new Set([
  ...STORAGES.map((storage) => `torch ${storage}Storage`), 'torch.storage UntypedStorage', 'torch.storage TypedStorage',
]);

/** Tensors of a state dictionary; modules and functions are not among them. */
export const TORCH_GLOBALS: readonly string[] = [
  ...TORCH_STORAGES,
  ...DTYPES.map((dtype) => `torch ${dtype}`),
  'torch Size', 'torch device', 'torch Tensor', 'torch per_tensor_affine', 'torch per_channel_affine', 'torch per_tensor_symmetric',
  'torch per_channel_symmetric', 'torch strided', 'torch sparse_coo', 'torch contiguous_format', 'torch preserve_format',
  'torch channels_last', 'torch channels_last_3d', 'torch.nn.parameter Parameter', 'torch.serialization _get_layout',
  ...['_rebuild_tensor', '_rebuild_tensor_v2', '_rebuild_parameter', '_rebuild_qtensor', '_rebuild_sparse_tensor',
    '_rebuild_sparse_csr_tensor', '_rebuild_meta_tensor_no_storage'].map((name) => `torch._utils ${name}`),
  ...['build_intlist', 'build_tensorlist', 'build_doublelist', 'build_boollist', 'restore_type_tag'].map(
    (name) => `torch.jit._pickle ${name}`,
  ),
];
