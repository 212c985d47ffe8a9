/** Why a command could not do its work. A verdict is no error. */
export type CliErrorCode =
  | 'USAGE'
  | 'NOT_SUPPORTED'
  | 'INPUT_UNREADABLE'
  | 'INPUT_INVALID'
  | 'OUTPUT_EXISTS'
  | 'OUTPUT_FAILED'
  | 'INTERNAL';

/** The error of the command line: its text is all that a user needs. The exit code is always 2. */
export class CliError extends Error {
  public override readonly name = 'CliError';

  public constructor(public readonly code: CliErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
  }
}
