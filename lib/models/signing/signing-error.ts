/** Why signing or verification refused. The list is closed: alarms and callers branch on it, never on the text. */
export type SigningErrorCode =
  | 'BUNDLE_TOO_LARGE'
  | 'JSON_ENCODING'
  | 'JSON_SYNTAX'
  | 'JSON_DUPLICATE_KEY'
  | 'JSON_TOO_DEEP'
  | 'FIELD_MISSING'
  | 'FIELD_UNKNOWN'
  | 'FIELD_INVALID'
  | 'BASE64_NOT_CANONICAL'
  | 'MEDIA_TYPE_REFUSED'
  | 'PAYLOAD_TYPE_REFUSED'
  | 'SIGNATURE_COUNT'
  | 'METHOD_MISMATCH'
  | 'KEY_INVALID'
  | 'KEY_HINT_MISMATCH'
  | 'KEY_NOT_TRUSTED'
  | 'KEY_REVOKED'
  | 'KEY_OUTSIDE_VALIDITY'
  | 'CERTIFICATE_INVALID'
  | 'CERTIFICATE_NOT_TRUSTED'
  | 'CERTIFICATE_OUTSIDE_VALIDITY'
  | 'CERTIFICATE_USAGE'
  | 'SIGNATURE_INVALID'
  | 'STATEMENT_TYPE_REFUSED'
  | 'PREDICATE_TYPE_REFUSED'
  | 'SUBJECT_COUNT'
  | 'RESOURCES_EMPTY'
  | 'RESOURCE_NAME_INVALID'
  | 'RESOURCE_DUPLICATE'
  | 'RESOURCE_DIGEST_INVALID'
  | 'SHARDS_INVALID'
  | 'ALGORITHM_REFUSED'
  | 'ALGORITHM_MISMATCH'
  | 'ROOT_DIGEST_MISMATCH'
  | 'IGNORE_PATH_INVALID'
  | 'IGNORE_PATH_REFUSED'
  | 'MODEL_EMPTY'
  | 'MODEL_IS_ONE_FILE'
  | 'FILE_NAME_INVALID'
  | 'FILE_IS_LINK'
  | 'FILE_NOT_REGULAR'
  | 'FILE_MISSING'
  | 'FILE_EXTRA'
  | 'FILE_MISMATCH'
  | 'STORE_FAILED'
  | 'SIGNER_FAILED'
  | 'TRUST_STORE_INVALID'
  | 'PREDICATE_INVALID'
  | 'SUBJECT_MISMATCH'
  | 'BUILDER_NOT_TRUSTED'
  | 'VERIFIER_NOT_TRUSTED'
  | 'POLICY_MISMATCH'
  | 'SUMMARY_NOT_PASSED'
  | 'SUMMARY_OUTSIDE_AGE';

/** The only error that signing and verification throw. */
export class SigningError extends Error {
  public override readonly name = 'SigningError';

  /** The verification step that refused; `undefined` outside verification. */
  public step?: string;

  public constructor(public readonly code: SigningErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
  }
}

/** A hostile string as it may be shown in a message: quoted, control characters escaped, at most 200 characters. */
export function quoted(text: string): string {
  const shown = text.length > 200 ? `${text.slice(0, 200)}…` : text;
  // JSON leaves DEL, the C1 controls and the bidirectional overrides as they are; a terminal would act on them.
  return JSON.stringify(shown).replace(
    /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A time as it may be shown in a message, also when the caller's clock gave none. */
export function shownTime(time: Date): string {
  return Number.isNaN(time.getTime()) ? 'no valid time' : time.toISOString();
}
