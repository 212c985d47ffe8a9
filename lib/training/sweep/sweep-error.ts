/** Why a job was not judged, or went on. */
export type SweepErrorCode =
  /** The event names no job of this account and region. Trying again does not help. */
  | 'INVALID_EVENT'
  /** A setting of the function is no number or list. Trying again does not help. */
  | 'INVALID_SETTINGS'
  /** SageMaker did not describe the job, its tags or its model. */
  | 'JOB_NOT_READABLE'
  /** The job is not isolated and SageMaker did not stop it. */
  | 'JOB_NOT_STOPPED';

/** A job that may be running outside of isolation: the event is tried again and ends in the dead-letter queue. Alarms branch on `code`. */
export class SweepError extends Error {
  public readonly code: SweepErrorCode;

  constructor(code: SweepErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = `SweepError.${code}`;
    this.code = code;
  }
}
