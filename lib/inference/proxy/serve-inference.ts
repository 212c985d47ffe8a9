import type { AuditRecord, Verdict } from './audit-record';
import type { Filters } from './filter';
import { runFilters } from './filter';
import type { Caller, InferenceRequest } from './inference-request';
import { bodyBytesOf, callerOf, requestIdOf, toInferenceRequest } from './inference-request';
import type { JsonValue } from './json-value';
import { parseJson } from './json-value';
import type { ModelAnswer, ModelPort } from './model-port';
import { ProxyError, REFUSALS } from './proxy-error';
import type { ProxySettings } from './proxy-settings';
import { schemaProblem } from './schema-problem';
import { normalised } from './text-safety';

/** Answers of models are nested deeper than requests, and no schema bounds them. */
const MAX_ANSWER_DEPTH = 64;

/** What a proxy works with. */
export interface ProxyPorts {
  readonly model: ModelPort;
  readonly filters: Filters;
  /** Milliseconds that never go back. */
  now(): number;
  /** A signal that is aborted after so many milliseconds, and how to drop it. */
  deadline(ms: number): { readonly signal: AbortSignal; readonly drop: () => void };
  /** Takes the one record of each request. */
  record(record: AuditRecord): void;
}

/** The answer in the form of a proxy integration. */
export interface GatewayAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What became known of a request on its way. */
interface Trace {
  caller?: Caller;
  requestBytes: number;
  answerBytes: number;
  modelMs: number;
  usage?: ModelAnswer['usage'];
}

const HEADERS = {
  'content-type': 'application/json',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'strict-transport-security': 'max-age=63072000; includeSubDomains',
} as const;

/**
 * Answers one request: read, judge, filter, ask, judge, filter. Whatever fails is a refusal with a closed code, and each request leaves
 * exactly one record.
 *
 * @param availableMs what is left of the function's own time, in milliseconds
 */
export async function serveInference(
  event: unknown,
  settings: ProxySettings,
  ports: ProxyPorts,
  availableMs: number,
): Promise<GatewayAnswer> {
  const start = ports.now();
  const trace: Trace = { requestBytes: 0, answerBytes: 0, modelMs: 0 };
  // The answer must still be written when the time is up.
  const { signal, drop } = ports.deadline(Math.max(1, Math.min(settings.deadlineMs, availableMs - 500)));
  try {
    const body = await untilAborted(answerOf(event, settings, ports, trace, signal), signal);
    return finish('ANSWERED', 200, body);
  } catch (error) {
    // An error after the deadline is the deadline's: clients of an aborted call fail in many ways.
    const refusal = signal.aborted ? new ProxyError('DEADLINE', 'the deadline has passed') : asProxyError(error);
    const { status, message } = REFUSALS[refusal.code];
    trace.answerBytes = 0;
    return finish(refusal.code, status, JSON.stringify({ code: refusal.code, message }), refusal.message);
  } finally {
    drop();
  }

  function finish(verdict: Verdict, status: number, body: string, detail?: string): GatewayAnswer {
    const { caller, requestBytes, answerBytes, modelMs, usage } = trace;
    ports.record({
      record: 'inference',
      requestId: requestIdOf(event),
      route: settings.route,
      principal: caller?.principal ?? 'unknown',
      ...(caller?.apiKeyId === undefined ? {} : { apiKeyId: caller.apiKeyId }),
      modelDigest: settings.modelDigest,
      verdict,
      status,
      ...(detail === undefined ? {} : { detail }),
      requestBytes,
      answerBytes,
      ...(usage ?? {}),
      latencyMs: Math.round(ports.now() - start),
      modelMs: Math.round(modelMs),
    });
    return { statusCode: status, headers: HEADERS, body };
  }
}

async function answerOf(event: unknown, settings: ProxySettings, ports: ProxyPorts, trace: Trace, signal: AbortSignal): Promise<string> {
  // First, so that the record of a refusal names who was refused, and how much was sent.
  trace.caller = callerOf(event);
  trace.requestBytes = bodyBytesOf(event);
  const request = toInferenceRequest(event, settings, trace.caller);
  const input = judgeInput(request, settings);
  const context = { requestId: request.requestId, principal: request.caller.principal, route: request.route, signal };

  const allowed = await runFilters(ports.filters.input, input, context);
  if (allowed.verdict === 'block') throw new ProxyError('INPUT_BLOCKED', `${allowed.filter}: ${allowed.reason}`);

  // What goes on is what was judged, written anew: twice-named fields and odd spellings do not survive.
  const question = Buffer.from(JSON.stringify(allowed.value));
  const asked = ports.now();
  let answer: ModelAnswer;
  try {
    answer = await ports.model.ask({ body: question, contentType: request.contentType, requestId: request.requestId }, signal);
  } finally {
    trace.modelMs = ports.now() - asked;
  }
  if (answer.usage) trace.usage = answer.usage;
  trace.answerBytes = answer.body.byteLength;
  const output = judgeAnswer(answer, settings);

  const passed = await runFilters(ports.filters.output, output, context);
  if (passed.verdict === 'block') throw new ProxyError('OUTPUT_BLOCKED', `${passed.filter}: ${passed.reason}`);
  const text = JSON.stringify(passed.value);
  // A text grows when it is written: each control character takes six bytes. The integration's answer is JSON in JSON.
  if (Buffer.byteLength(text) > settings.maxAnswerBytes) throw new ProxyError('BAD_ANSWER', `the answer has more than ${settings.maxAnswerBytes} bytes`);
  return text;
}

function judgeInput(request: InferenceRequest, settings: ProxySettings): JsonValue {
  const parsed = parseJson(request.body);
  if ('problem' in parsed) throw new ProxyError('MALFORMED', `the body is ${parsed.problem}`);
  const value = normalised(parsed.value);
  if (value === undefined) throw new ProxyError('UNSAFE_TEXT', 'a text holds an unsafe character');
  const problem = schemaProblem(settings.schema, value);
  if (problem !== undefined) throw new ProxyError('INVALID_INPUT', problem);
  return value;
}

function judgeAnswer(answer: ModelAnswer, settings: ProxySettings): JsonValue {
  if (answer.body.byteLength > settings.maxAnswerBytes) {
    throw new ProxyError('BAD_ANSWER', `the answer has ${answer.body.byteLength} bytes, allowed are ${settings.maxAnswerBytes}`);
  }
  if (!/^application\/json(?:$|;)/i.test(answer.contentType.trim())) throw new ProxyError('BAD_ANSWER', 'the answer is not application/json');
  const text = utf8(answer.body);
  const parsed = text === undefined ? { problem: 'not UTF-8' } : parseJson(text, MAX_ANSWER_DEPTH);
  if ('problem' in parsed) throw new ProxyError('BAD_ANSWER', `the answer is ${parsed.problem}`);
  return parsed.value;
}

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** The promise, or a rejection at the deadline: a filter or a client may not watch the signal. */
function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const abort = () => reject(new ProxyError('DEADLINE', 'the deadline has passed'));
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
    return undefined;
  });
}

function asProxyError(error: unknown): ProxyError {
  if (error instanceof ProxyError) return error;
  // The message of a foreign error may hold a payload: its name is enough to find it.
  return new ProxyError('INTERNAL', error instanceof Error ? error.name.slice(0, 80) : 'not an error');
}
