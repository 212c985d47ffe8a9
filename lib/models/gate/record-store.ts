/** Where the gate keeps its records. Every record is written once. */
export interface RecordStore {
  /** `undefined` when there is none. */
  read(key: string): Promise<Buffer | undefined>;
  /** Whether this call wrote it; `false` when it was there already. */
  writeOnce(key: string, content: string | Uint8Array): Promise<boolean>;
  /**
   * All keys below a prefix.
   *
   * @throws GateError RESULT_INVALID when there are more than `atMost`
   */
  keys(prefix: string, atMost?: number): Promise<string[]>;
}

/** The parts of the store: who may write each is in the bucket's policy. */
export const RECORDS = {
  /** By the desk. */
  REQUESTS: 'requests/',
  TOKENS: 'tokens/',
  DECISIONS: 'decisions/',
  /** By the gate. */
  PENDING: 'pending/',
  SUMMARIES: 'summaries/',
  /** By whoever measures: what is here is verified, not trusted. */
  EVIDENCE: 'evidence/',
} as const;
