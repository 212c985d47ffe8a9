/** Why a question about a network has no answer. */
export type NetworkErrorCode =
  /** Nothing of the templates that sends or receives packets has this id. */
  | 'UNKNOWN_PLACE'
  /** So many rules overlap that the ways through them cannot be followed. */
  | 'TOO_LARGE';

/** A question about a network that cannot be answered. */
export class NetworkError extends Error {
  constructor(
    readonly code: NetworkErrorCode,
    message: string,
  ) {
    super(message);
    this.name = 'NetworkError';
  }
}
