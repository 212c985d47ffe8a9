/** Why a promotion was refused. */
export type PromotionErrorCode =
  /** The request does not have the expected shape. */
  | 'INVALID_REQUEST'
  /** A version has no clean scan tag, or the scanner's verdict is another one. */
  | 'NOT_CLEAN'
  /** The scanner has signed no verdict on these versions. */
  | 'NO_VERDICT'
  /** The verdict is not signed by the scanner, or is about other versions or other contents. */
  | 'VERDICT_INVALID'
  /** The computed digest is not the one that was asked for. */
  | 'DIGEST_MISMATCH'
  /** The store returned another number of bytes than it announced. */
  | 'TRUNCATED';

/** The name under which Step Functions sees a code. */
export function promotionErrorName(code: PromotionErrorCode): string {
  return `PromotionError.${code}`;
}

/** A refusal: nothing was served. Callers and alarms branch on `code`. */
export class PromotionError extends Error {
  public readonly code: PromotionErrorCode;

  constructor(code: PromotionErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = promotionErrorName(code);
    this.code = code;
  }
}
