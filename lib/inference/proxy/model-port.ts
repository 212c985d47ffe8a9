/** What a model is asked. */
export interface ModelQuestion {
  readonly body: Uint8Array;
  readonly contentType: string;
  /** Goes to the model's own records, so that they can be joined with the gateway's. */
  readonly requestId: string;
}

/** What a model says. */
export interface ModelAnswer {
  readonly body: Uint8Array;
  readonly contentType: string;
  /** What was consumed, where the model tells. */
  readonly usage?: ModelUsage;
}

/** Consumption of one request. Endpoints that are paid by the hour have none. */
export interface ModelUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** The model behind the proxy. */
export interface ModelPort {
  /** @throws ProxyError BUSY or MODEL_FAILED; anything when the signal is aborted */
  ask(question: ModelQuestion, signal: AbortSignal): Promise<ModelAnswer>;
}
