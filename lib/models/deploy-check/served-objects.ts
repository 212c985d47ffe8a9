/** One version of an object, as the served store lists it. */
export interface ListedVersion {
  readonly key: string;
  readonly versionId: string;
  /** Unit: bytes. */
  readonly size: number;
  readonly isLatest: boolean;
  readonly isDeleteMarker: boolean;
  readonly lastModified: Date;
}

/** What S3 stored with a version when it was written. */
export interface StoredChecksum {
  /** Unit: bytes. */
  readonly size: number;
  /** SHA-256 in base64: of the bytes, or of the checksums of the parts. Undefined: none was stored. */
  readonly sha256: string | undefined;
  /** All parts in order, of an object that was written in parts. */
  readonly parts: readonly StoredPart[] | undefined;
}

export interface StoredPart {
  /** Unit: bytes. */
  readonly size: number;
  /** SHA-256 of its bytes, in base64. */
  readonly sha256: string | undefined;
}

/** The served store. Nothing here writes. @throws DeployCheckError NOT_READABLE */
export interface ServedObjects {
  /**
   * All versions of all keys that begin with a text.
   *
   * @throws DeployCheckError OBJECT_EXTRA when there are more than `atMost`
   */
  list(prefix: string, atMost: number): Promise<ListedVersion[]>;
  /** The bytes of a small object. */
  read(version: ListedVersion): Promise<Buffer>;
  checksum(version: ListedVersion): Promise<StoredChecksum>;
}
