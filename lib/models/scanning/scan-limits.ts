/**
 * What one scan may cost. Beyond a limit the verdict is `UNSCANNABLE`, or `DANGEROUS` for the ratio of a decompression bomb.
 *
 * All but `depth` and `ratio` hold for a whole file with everything nested in it.
 */
export interface ScanLimits {
  /** Nested archives and payloads. @default 4 */
  readonly depth: number;
  /** Entries of all archives together. @default 100000 */
  readonly entries: number;
  /** Decompressed bytes over compressed bytes of one entry, judged from 1 MiB on. @default 200 */
  readonly ratio: number;
  /** Decompressed bytes, restarts included. @default 32 GiB */
  readonly inflatedBytes: number;
  /** Bytes held in memory for one part: headers, directories, small entries. @default 64 MiB */
  readonly heldBytes: number;
  /** Pickle opcodes. @default 200 million */
  readonly opcodes: number;
  /** Values on the pickle stack. @default 1 million */
  readonly stack: number;
  /** Values in the pickle memo. @default 4 million */
  readonly memo: number;
  /** Characters of a pickle string that is kept. @default 4096 */
  readonly stringLength: number;
  /** Characters of all kept pickle strings of one pickle. @default 64 Mi */
  readonly keptStrings: number;
  /** Nodes of one graph, JSON document or header. @default 4 million */
  readonly nodes: number;
  /** Reasons that a report lists for one file; the verdict counts them all. @default 200 */
  readonly reasons: number;
}

const MIB = 1024 * 1024;

/** The limits that hold where a caller names none. */
export const DEFAULT_LIMITS: ScanLimits = {
  depth: 4,
  entries: 100_000,
  ratio: 200,
  inflatedBytes: 32 * 1024 * MIB,
  heldBytes: 64 * MIB,
  opcodes: 200_000_000,
  stack: 1_000_000,
  memo: 4_000_000,
  stringLength: 4096,
  keptStrings: 64 * MIB,
  nodes: 4_000_000,
  reasons: 200,
};
