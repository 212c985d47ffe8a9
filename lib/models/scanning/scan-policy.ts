/**
 * Which sets of pickle globals count as harmless.
 *
 * - `DATA`: plain Python data.
 * - `NUMPY`: arrays, also inside joblib files.
 * - `TORCH`: tensors of a state dictionary, the set that `weights_only` loading accepts.
 * - `SKLEARN`: fitted scikit-learn estimators. Some of them call what they are given, so use it only for signed models.
 */
export type PickleProfile = 'DATA' | 'NUMPY' | 'TORCH' | 'SKLEARN';

/** What the owner of a model zone accepts. */
export interface ScanPolicy {
  /** Pickle globals that count as harmless. @default DATA, NUMPY and TORCH */
  readonly pickleProfiles: readonly PickleProfile[];
  /** Further pickle globals, each as `module name`, exact. @default none */
  readonly pickleGlobals: readonly string[];
  /** ONNX operator domains beside the official ones. @default none */
  readonly operatorDomains: readonly string[];
  /** SHA-256 (hex) of chat templates that were reviewed and are accepted as they are. @default none */
  readonly chatTemplates: readonly string[];
}

/** The policy that holds where a caller names none. */
export const DEFAULT_POLICY: ScanPolicy = {
  pickleProfiles: ['DATA', 'NUMPY', 'TORCH'],
  pickleGlobals: [],
  operatorDomains: [],
  chatTemplates: [],
};
