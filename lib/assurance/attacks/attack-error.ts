/** A file of attacks that cannot be used: its text says where and what is expected. */
export class AttackFileError extends Error {
  override readonly name = 'AttackFileError';
}
