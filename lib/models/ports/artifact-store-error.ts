/** Why a store could not give an artifact. */
export type ArtifactStoreErrorCode =
  | 'NOT_FOUND'
  | 'NAME_NOT_UNICODE'
  | 'NOT_A_FILE'
  | 'CHANGED_WHILE_READING'
  | 'VERSION_UNKNOWN'
  | 'RANGE_INVALID'
  | 'RESPONSE_INVALID';

export class ArtifactStoreError extends Error {
  public override readonly name = 'ArtifactStoreError';

  public constructor(public readonly code: ArtifactStoreErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
  }
}
