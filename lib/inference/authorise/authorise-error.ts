/** Why a token was refused, or could not be judged. */
export type AuthoriseErrorCode =
  /** It is longer than any honest token. */
  | 'OVERSIZE'
  /** It is not three parts of base64url with JSON inside. */
  | 'MALFORMED'
  /** Its header asks for something that is never done: keys from elsewhere, critical extensions. */
  | 'HEADER'
  /** Its algorithm is not one of the allowed ones. */
  | 'ALGORITHM'
  /** Its key is not in the mirrored set. */
  | 'UNKNOWN_KEY'
  /** Its key is for another algorithm or use. */
  | 'KEY_MISMATCH'
  /** Its signature does not fit. */
  | 'SIGNATURE'
  | 'ISSUER'
  | 'AUDIENCE'
  | 'EXPIRED'
  | 'NOT_YET_VALID'
  /** It lives longer than allowed, or says no end. */
  | 'LIFETIME'
  | 'SCOPE'
  /** It names no principal. */
  | 'PRINCIPAL'
  /** The mirrored key set is missing, broken or too old: nobody gets in. */
  | 'KEY_SET';

/** A refusal. The message names fields and limits, never the token. */
export class AuthoriseError extends Error {
  public readonly code: AuthoriseErrorCode;

  constructor(code: AuthoriseErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = `AuthoriseError.${code}`;
    this.code = code;
  }
}
