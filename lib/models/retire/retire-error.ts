/** Why a retirement did not go on. The list is closed: the state machine and alarms branch on it. */
export type RetireErrorCode =
  /** What was asked for is no version of the registry, or loads no promoted model. */
  | 'INVALID_REQUEST'
  /** SageMaker has not removed the endpoint yet; asked again later. */
  | 'ENDPOINT_STILL_THERE'
  /** The archive does not hold what the certificate would say. */
  | 'NOT_ARCHIVED'
  /** AWS did not let it do its part. */
  | 'NOT_DONE';

/** A retirement that stopped: no certificate is written. */
export class RetireError extends Error {
  public constructor(public readonly code: RetireErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = `RetireError.${code}`;
  }
}
