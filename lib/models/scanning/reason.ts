import type { Verdict } from './verdict';

/** The closed list of reasons and the verdict that each one leads to. */
export const REASON_VERDICTS = {
  // any format
  TRUNCATED: 'UNSCANNABLE',
  MALFORMED: 'UNSCANNABLE',
  LIMIT_EXCEEDED: 'UNSCANNABLE',
  FORMAT_UNKNOWN: 'UNSCANNABLE',
  COMPRESSION_UNSUPPORTED: 'UNSCANNABLE',
  INTERNAL_ERROR: 'UNSCANNABLE',
  FORMAT_MISMATCH: 'SUSPICIOUS',
  POLYGLOT: 'DANGEROUS',
  NATIVE_CODE: 'DANGEROUS',
  SCRIPT_CODE: 'SUSPICIOUS',
  TRAILING_DATA: 'SUSPICIOUS',
  REASONS_DROPPED: 'UNSCANNABLE',

  // pickle
  PICKLE_DENIED_GLOBAL: 'DANGEROUS',
  PICKLE_UNLISTED_GLOBAL: 'SUSPICIOUS',
  PICKLE_COMPUTED_GLOBAL: 'DANGEROUS',
  PICKLE_COMPUTED_CALL: 'DANGEROUS',
  PICKLE_FORBIDDEN_ARGUMENT: 'DANGEROUS',
  PICKLE_CHANGES_GLOBAL: 'DANGEROUS',
  PICKLE_EXTENSION: 'DANGEROUS',
  PICKLE_NESTED: 'DANGEROUS',
  PICKLE_PERSISTENT_ID: 'SUSPICIOUS',
  PICKLE_STATE_ON_DATA: 'SUSPICIOUS',
  PICKLE_OUT_OF_BAND: 'SUSPICIOUS',
  PICKLE_MEMO_UNSET: 'UNSCANNABLE',
  PICKLE_HIDDEN_OPCODES: 'DANGEROUS',
  JOBLIB_ARRAY: 'UNSCANNABLE',

  // archives
  ARCHIVE_PATH: 'DANGEROUS',
  ARCHIVE_LINK: 'DANGEROUS',
  ARCHIVE_DEVICE: 'DANGEROUS',
  ARCHIVE_DUPLICATE: 'DANGEROUS',
  ARCHIVE_MISMATCH: 'DANGEROUS',
  ARCHIVE_OVERLAP: 'DANGEROUS',
  ARCHIVE_HIDDEN_DATA: 'SUSPICIOUS',
  ARCHIVE_ENCRYPTED: 'UNSCANNABLE',
  ARCHIVE_BOMB: 'DANGEROUS',
  ARCHIVE_DEPTH: 'UNSCANNABLE',

  // torch
  TORCH_MAGIC: 'DANGEROUS',
  TORCH_SCRIPT_CODE: 'SUSPICIOUS',
  TORCH_STORAGE: 'SUSPICIOUS',

  // tensors and headers
  TENSOR_LAYOUT: 'UNSCANNABLE',
  JSON_DUPLICATE_KEY: 'DANGEROUS',
  TEMPLATE_CODE: 'DANGEROUS',
  TEMPLATE_SUSPICIOUS: 'SUSPICIOUS',

  // graphs
  GRAPH_EXTERNAL_PATH: 'DANGEROUS',
  GRAPH_EXTERNAL_DATA: 'UNSCANNABLE',
  GRAPH_CUSTOM_OPERATOR: 'SUSPICIOUS',
  GRAPH_CODE_OPERATOR: 'DANGEROUS',
  GRAPH_FILE_OPERATOR: 'DANGEROUS',
  KERAS_LAMBDA: 'DANGEROUS',
  KERAS_LOADER_CLASS: 'DANGEROUS',
  KERAS_UNLISTED_MODULE: 'SUSPICIOUS',
  KERAS_FILE_REFERENCE: 'DANGEROUS',
  HDF5_EXTERNAL: 'DANGEROUS',
  HDF5_UNREAD: 'UNSCANNABLE',

  // repositories
  REPOSITORY_REMOTE_CODE: 'SUSPICIOUS',
  REPOSITORY_LOADER: 'SUSPICIOUS',
  INFERENCE_CODE: 'SUSPICIOUS',
} as const satisfies Record<string, Exclude<Verdict, 'SAFE'>>;

/** A closed reason code. */
export type ReasonCode = keyof typeof REASON_VERDICTS;

/** One thing that was found, where, and what it was. */
export interface Reason {
  /** Closed code. */
  readonly code: ReasonCode;
  /** The verdict that this code leads to. */
  readonly verdict: Verdict;
  /** Path of the file; parts of archives and nested payloads follow after `!`. */
  readonly path: string;
  /** Byte offset in that file or part. */
  readonly offset: number;
  /** What was found: printable, at most 200 characters. */
  readonly found: string;
}

const FOUND_LENGTH = 200;

/** Makes hostile text fit for a report: no control or direction-changing characters, at most 200 characters. */
export function printable(text: string): string {
  const cut = text.length > FOUND_LENGTH ? `${text.slice(0, FOUND_LENGTH - 1)}…` : text;
  return cut.replace(/[^\x20-\x7e\u00a1-\u1fff\u2026]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
