/** Why an upload was not examined or judged. The list is closed: the state machine branches on it. */
export type UploadErrorCode =
  /** What the function was given names no object. */
  | 'INVALID_EVENT'
  /** The upload's manifest does not have the expected shape, or names what is not beside it. */
  | 'INVALID_MANIFEST'
  /** The malware scan has not said yet what it found in every version. */
  | 'MALWARE_PENDING'
  /** There is no report to judge by, or it is not one. */
  | 'REPORT_INVALID'
  /** A verdict is not one. */
  | 'VERDICT_INVALID';

/** The name under which Step Functions sees a code. */
export function uploadErrorName(code: UploadErrorCode): string {
  return `UploadError.${code}`;
}

/** What keeps an upload in quarantine without a verdict. */
export class UploadError extends Error {
  public readonly code: UploadErrorCode;

  constructor(code: UploadErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = uploadErrorName(code);
    this.code = code;
  }
}
