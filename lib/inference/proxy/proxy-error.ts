/** Why a request got no answer. Callers and alarms branch on the code; the text that a caller sees is fixed for each. */
export type ProxyErrorCode =
  /** The body, or one part of it, is larger than the limit. */
  | 'TOO_LARGE'
  /** The content type is not JSON, or the body is encoded. */
  | 'MEDIA_TYPE'
  /** The body is not JSON, or nested too deep. */
  | 'MALFORMED'
  /** The JSON does not fit the schema of the route. */
  | 'INVALID_INPUT'
  /** A text holds characters that no prompt and no record needs. */
  | 'UNSAFE_TEXT'
  /** The request did not come through the gateway that the function belongs to. */
  | 'NOT_FOUND'
  /** Nobody is named as the caller. */
  | 'UNAUTHENTICATED'
  /** An input filter refused the request. */
  | 'INPUT_BLOCKED'
  /** An output filter refused the answer. */
  | 'OUTPUT_BLOCKED'
  /** The model takes no more requests at the moment. */
  | 'BUSY'
  /** The model did not answer in time. */
  | 'DEADLINE'
  /** The model failed. */
  | 'MODEL_FAILED'
  /** The model's answer is larger than the limit, or is not JSON. */
  | 'BAD_ANSWER'
  /** Something in the proxy itself failed. */
  | 'INTERNAL';

/** A refusal. Its message may name fields and numbers, never a payload; it goes to the audit record's reader, not to the caller. */
export class ProxyError extends Error {
  public readonly code: ProxyErrorCode;

  constructor(code: ProxyErrorCode, message: string) {
    super(message);
    this.name = `ProxyError.${code}`;
    this.code = code;
  }
}

/** What the caller sees of a refusal. */
export interface RefusalText {
  readonly status: number;
  readonly message: string;
}

/** The status and the sentence of each code: they tell a caller what to change, and an attacker nothing about the inside. */
export const REFUSALS: Readonly<Record<ProxyErrorCode, RefusalText>> = {
  TOO_LARGE: { status: 413, message: 'the request is larger than this endpoint takes' },
  MEDIA_TYPE: { status: 415, message: 'send JSON with the content type application/json' },
  MALFORMED: { status: 400, message: 'the body is not JSON that this endpoint can read' },
  INVALID_INPUT: { status: 400, message: 'the body does not fit the schema of this endpoint' },
  UNSAFE_TEXT: { status: 400, message: 'a text holds control, invisible or unpaired characters' },
  NOT_FOUND: { status: 404, message: 'there is nothing here' },
  UNAUTHENTICATED: { status: 401, message: 'the caller is not known' },
  INPUT_BLOCKED: { status: 422, message: 'the request was refused by policy' },
  OUTPUT_BLOCKED: { status: 422, message: 'the answer was withheld by policy' },
  BUSY: { status: 429, message: 'the model is busy: try again later' },
  DEADLINE: { status: 504, message: 'the model did not answer in time' },
  MODEL_FAILED: { status: 502, message: 'the model failed' },
  BAD_ANSWER: { status: 502, message: 'the model gave an answer that cannot be passed on' },
  INTERNAL: { status: 500, message: 'the request could not be handled' },
};
