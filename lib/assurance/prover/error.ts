/** Why the prover refuses its input. */
export type ProverErrorCode =
  /** An attack or option of the wrong form. */
  | 'BAD_ATTACK'
  /** A caller expected a verdict that the proof does not have. */
  | 'EXPECTATION_FAILED';

/** Input that the prover cannot work with, or an expectation that does not hold. */
export class ProverError extends Error {
  constructor(
    readonly code: ProverErrorCode,
    message: string,
  ) {
    super(message);
    this.name = 'ProverError';
  }
}
