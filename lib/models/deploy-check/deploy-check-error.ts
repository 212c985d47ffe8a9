/** Why a model may not be deployed, or could not be checked. The list is closed: the event of a failed deployment begins with it. */
export type DeployCheckErrorCode =
  /** The custom resource does not have the expected shape. */
  | 'INVALID_REQUEST'
  /** AWS did not let the check read what it must read. */
  | 'NOT_READABLE'
  /** There is no manifest beside the prefix: the promotion did not end, or never was. */
  | 'MANIFEST_MISSING'
  /** The manifest is not the one whose digest the prefix carries. */
  | 'MANIFEST_CHANGED'
  | 'OBJECT_MISSING'
  /** Something lies below the prefix that the manifest does not name: a loader could find it. */
  | 'OBJECT_EXTRA'
  /** An object was written again, deleted, or written after the gate looked. */
  | 'OBJECT_REWRITTEN'
  /** S3 stored no SHA-256 with an object, or its parts do not lead to the stored one. */
  | 'CHECKSUM_MISSING'
  | 'CHECKSUM_MISMATCH'
  /** The model carries no signature, so nothing says what the gate would have looked at. */
  | 'SIGNATURE_MISSING'
  /** The model was signed after its promotion, and the signature is about something else than the manifest. */
  | 'SIGNATURE_MISMATCH'
  /** The store has a scanner, and no verdict of it lies beside the model. */
  | 'VERDICT_MISSING'
  /** The verdict is not signed by the scanner, or is about other files. */
  | 'VERDICT_INVALID'
  /** The scanner refused the files. */
  | 'VERDICT_NOT_CLEAN'
  /** The gate never decided about the model. */
  | 'SUMMARY_MISSING'
  /** The gate's latest decision is not signed by the gate, is about something else, too old, or a refusal. */
  | 'SUMMARY_REFUSED'
  /** The check did not end in its time. */
  | 'TIMED_OUT'
  /** The check itself failed. */
  | 'CHECK_FAILED';

/** A refusal: nothing is deployed. */
export class DeployCheckError extends Error {
  public constructor(public readonly code: DeployCheckErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = `DeployCheckError.${code}`;
  }
}
