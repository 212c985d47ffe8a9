/** Why a finding was not raised. */
export type FindingErrorCode =
  /** A text of it is no id, or a number is out of range. */
  | 'INVALID_FINDING'
  /** The bus did not take it. */
  | 'NOT_DELIVERED';

/** A finding that reached nobody: the handler that raised it must fail. Callers branch on `code`. */
export class FindingError extends Error {
  public readonly code: FindingErrorCode;

  constructor(code: FindingErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = `FindingError.${code}`;
    this.code = code;
  }
}
