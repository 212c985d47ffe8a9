import type { Resource } from './resource';
import { quoted, SigningError } from './signing-error';

/**
 * Checks that the shards of each file follow on one another from its first byte, all of the stated size but the last,
 * and returns the signed length of each file. Without this a signer could leave bytes between shards unsigned.
 *
 * @param shardSize unit: bytes
 * @throws SigningError SHARDS_INVALID
 */
export function shardedLengths(resources: readonly Resource[], shardSize: number): Map<string, number> {
  const lengths = new Map<string, number>();
  const closed = new Set<string>();
  for (const { path, range } of [...resources].sort((a, b) => (a.range?.start ?? 0) - (b.range?.start ?? 0))) {
    const start = range?.start ?? 0;
    const end = range?.end ?? 0;
    if (start !== (lengths.get(path) ?? 0) || end - start > shardSize || closed.has(path)) {
      throw new SigningError('SHARDS_INVALID', `shards of ${quoted(path)} do not follow on one another`);
    }
    if (end - start < shardSize) closed.add(path);
    lengths.set(path, end);
  }
  return lengths;
}
