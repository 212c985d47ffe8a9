/** What a model can fail the gate for. The list is closed. */
export type GateFindingCode =
  /** The model package is not, or not only, the model that was checked. */
  | 'PACKAGE_MISMATCH'
  | 'SIGNATURE_MISSING'
  | 'SIGNATURE_REFUSED'
  | 'SCAN_NOT_SAFE'
  | 'PROVENANCE_MISSING'
  | 'PROVENANCE_REFUSED'
  /** No result at all for what a requirement asks. */
  | 'RESULT_MISSING'
  /** Not signed by a trusted key, or changed afterwards. */
  | 'RESULT_UNSIGNED'
  | 'RESULT_INVALID'
  | 'RESULT_WRONG_SUBJECT'
  /** Older than the policy allows, or from the future. */
  | 'RESULT_STALE'
  | 'METRIC_MISSING'
  | 'GROUP_MISSING'
  | 'VALUE_NOT_A_NUMBER'
  /** The policy asks for a confidence interval and the result has none, or one of a lower confidence. */
  | 'BOUND_MISSING'
  | 'SAMPLE_TOO_SMALL'
  | 'THRESHOLD_MISSED';

/** One reason for which a model does not pass. */
export interface GateFinding {
  readonly code: GateFindingCode;
  /** What it is about: `signature`, a file, or metric and group. */
  readonly about: string;
  /** What was found and what is needed. */
  readonly reason: string;
}
