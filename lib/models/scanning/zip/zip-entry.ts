/** One entry of a zip archive as its central directory declares it. */
export interface ZipEntry {
  readonly name: string;
  readonly method: number;
  readonly flags: number;
  readonly compressedSize: number;
  readonly size: number;
  /** Offset of the local header. */
  readonly headerOffset: number;
  /** Unix mode, 0 where the archive has none. */
  readonly mode: number;
  /** Offset in the archive of this entry's record in the central directory. */
  readonly recordOffset: number;
  readonly nameBytes: Uint8Array;
}

/** Flag of an encrypted entry. */
export const ENCRYPTED = 0x0001;
/** Flag of sizes that follow the data. */
export const DESCRIPTOR = 0x0008;
