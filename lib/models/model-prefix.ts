/**
 * The digest in the name of a served prefix.
 *
 * SageMaker loads objects by key and again at each scale-out, so only a prefix that names its content, and is written once, stays the model
 * that was approved.
 *
 * @throws when the prefix names no digest
 */
export function digestOfPrefix(prefix: string): string {
  const digest = /^models\/[a-z0-9][a-z0-9._-]{0,62}\/(sha256-[0-9a-f]{64})\/$/.exec(prefix)?.[1];
  if (!digest) {
    throw new Error(`the prefix of a served model looks like 'models/<name>/sha256-<64 hexadecimal digits>/', as its promotion returns it, got '${prefix}'`);
  }
  return digest;
}
