import type { ProxyErrorCode } from './proxy-error';

/** The verdict on one request: `ANSWERED`, or why not. */
export type Verdict = 'ANSWERED' | ProxyErrorCode;

/** What is recorded of each request: who asked which model when, how much, and how it ended; never what was said. */
export interface AuditRecord {
  readonly record: 'inference';
  readonly requestId: string;
  readonly route: string;
  /** `unknown` when the gateway names nobody. */
  readonly principal: string;
  readonly apiKeyId?: string;
  /** The digest in the name of the prefix that the model was loaded from. */
  readonly modelDigest: string;
  readonly verdict: Verdict;
  /** The status of the answer. */
  readonly status: number;
  /** Places and limits of a refusal, or the filter that blocked; no content. */
  readonly detail?: string;
  /** In bytes. */
  readonly requestBytes: number;
  readonly answerBytes: number;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  /** In milliseconds. */
  readonly latencyMs: number;
  /** The part of it that the model took. */
  readonly modelMs: number;
}
