/** Why a served model was not signed. The list is closed: the state machine branches on it. */
export type ServedModelErrorCode =
  /** What was given is no prefix or key of a served model. */
  | 'INVALID_PLACE'
  /** The object is larger than what one function hashes in its time. */
  | 'OBJECT_TOO_LARGE'
  /** A file has no digest of its version. */
  | 'NOT_HASHED'
  /** The files are not those that the promoter's manifest names. */
  | 'MANIFEST_MISMATCH';

/** The name under which Step Functions sees a code. */
export function servedModelErrorName(code: ServedModelErrorCode): string {
  return `ServedModelError.${code}`;
}

/** What keeps a served model unsigned. */
export class ServedModelError extends Error {
  public readonly code: ServedModelErrorCode;

  constructor(code: ServedModelErrorCode, message: string) {
    super(message);
    this.name = servedModelErrorName(code);
    this.code = code;
  }
}
