/** Why the gate could not work with what it was given, or took no approval. The list is closed: callers and alarms branch on it. */
export type GateErrorCode =
  /** The policy is not one, so nothing can be judged by it. */
  | 'POLICY_INVALID'
  /** A result, or what an adapter reads, does not have the expected shape. */
  | 'RESULT_INVALID'
  /** The request does not have the expected shape. */
  | 'REQUEST_INVALID'
  /** The caller is not known well enough to be told from others. */
  | 'IDENTITY_UNKNOWN'
  /** The caller has no role that may decide. */
  | 'NOT_AN_APPROVER'
  | 'APPROVER_IS_AUTHOR'
  | 'APPROVER_IS_REQUESTER'
  /** There is no such approval to decide. */
  | 'APPROVAL_UNKNOWN'
  /** Somebody has decided already. */
  | 'APPROVAL_DECIDED'
  | 'APPROVAL_EXPIRED'
  | 'TOKEN_UNKNOWN'
  | 'TOKEN_EXPIRED'
  | 'TOKEN_USED'
  /** The token was given to another person, or for another approval or model. */
  | 'TOKEN_NOT_FOR_THIS'
  /** The model, its evidence or its policy is not what the approval was about. */
  | 'SUBJECT_CHANGED';

/** The only error that the gate throws. A model that fails a requirement is no error but a finding. */
export class GateError extends Error {
  public override readonly name = 'GateError';

  public constructor(public readonly code: GateErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
  }
}
