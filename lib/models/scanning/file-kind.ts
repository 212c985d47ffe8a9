import type { ContentFormat } from './sniff';

/** What the name of a file promises. The content decides how it is scanned; a broken promise is a finding. */
export type FileKind = ContentFormat | 'ONNX' | 'TENSORFLOW' | 'JSON' | 'TEXT' | 'RAW' | 'CODE' | 'LIBRARY' | 'UNKNOWN';

const KINDS: readonly (readonly [RegExp, readonly FileKind[]])[] = [
  [/(?:^|\/)variables\/variables\.(?:index|data-\d{5}-of-\d{5})$/, ['RAW']],
  [/\.(?:py|pyx|sh|bash|js|mjs|rb|pl|lua|ps1|bat|cmd|r|ipynb|jar|class|whl|egg)$/, ['CODE']],
  [/\.(?:so(?:\.\d+)*|dll|dylib|exe|pyd|pyc|pyo|o|a|node)$/, ['LIBRARY']],
  [/\.(?:pkl|pickle|p|dill|cloudpickle|sav|joblib)$/, ['PICKLE', 'GZIP', 'ZLIB', 'UNSUPPORTED']],
  [/\.(?:pt|pth|ckpt|mar|model|bin)$/, ['ZIP', 'TORCH_LEGACY', 'PICKLE', 'TAR']],
  [/\.npy$/, ['NPY']],
  [/\.(?:npz|zip)$/, ['ZIP']],
  [/\.keras$/, ['ZIP', 'HDF5']],
  [/\.(?:h5|hdf5)$/, ['HDF5']],
  [/\.gguf$/, ['GGUF']],
  [/\.safetensors$/, ['SAFETENSORS']],
  [/\.onnx$/, ['ONNX']],
  [/\.pb$/, ['TENSORFLOW']],
  [/\.(?:tar\.gz|tgz|gz)$/, ['GZIP']],
  [/\.tar$/, ['TAR']],
  [/\.(?:json|webmanifest)$/, ['JSON']],
  [/\.(?:txt|md|csv|tsv|ya?ml|toml|cfg|ini|jinja2?|jsonl|license|gitattributes|gitignore|html|xml|lock|vocab|merges)$/, ['TEXT']],
  [/(?:^|\/)(?:license|notice|readme|mlmodel|merges|vocab|requirements)$/, ['TEXT']],
  [/\.(?:png|jpe?g)$/, ['IMAGE']],
];

/** The kinds that a name stands for, the likeliest first. */
export function kindsOf(name: string): readonly FileKind[] {
  const lower = name.toLowerCase();
  return KINDS.find(([pattern]) => pattern.test(lower))?.[1] ?? ['UNKNOWN'];
}
