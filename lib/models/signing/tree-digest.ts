import { createHash } from 'node:crypto';

/**
 * One digest for a list of digests: SHA-256 over their raw bytes in the listed order, as hexadecimal.
 * The root digest of a model, and of a data set over its objects; always SHA-256, whatever made the items.
 */
export function treeDigest(hexDigests: Iterable<string>): string {
  const root = createHash('sha256');
  for (const digest of hexDigests) root.update(Buffer.from(digest, 'hex'));
  return root.digest('hex');
}
