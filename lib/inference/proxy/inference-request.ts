import { ProxyError } from './proxy-error';

/** Who called: as the gateway's authoriser established it. */
export interface Caller {
  /** `oidc:<subject>`, `cognito:<subject>` or the ARN of an IAM identity. */
  readonly principal: string;
  /** The id, not the value, of the API key whose usage plan counted the request. */
  readonly apiKeyId?: string;
}

/** A request, read once from what API Gateway hands over. */
export interface InferenceRequest {
  readonly requestId: string;
  readonly route: string;
  readonly caller: Caller;
  readonly contentType: string;
  readonly body: string;
}

/** What a request is taken for. */
export interface RequestExpectation {
  /** The resource path of the gateway, such as `/infer/fraud`. */
  readonly route: string;
  /** The largest body, in bytes. */
  readonly maxRequestBytes: number;
}

type Fields = Readonly<Record<string, unknown>>;

/** The longest name of a principal that is written to a record. */
const MAX_PRINCIPAL = 512;

/**
 * Reads the event of a REST API's proxy integration.
 *
 * Whoever may invoke the function can forge all of it, so nothing but API Gateway may: the function's policy says so.
 *
 * @throws ProxyError NOT_FOUND, UNAUTHENTICATED, MEDIA_TYPE, TOO_LARGE
 */
export function toInferenceRequest(event: unknown, expected: RequestExpectation, caller: Caller | undefined): InferenceRequest {
  const { resource, httpMethod, requestContext, isBase64Encoded, body, headers } = fields(event);
  if (resource !== expected.route || httpMethod !== 'POST') throw new ProxyError('NOT_FOUND', `the function serves POST ${expected.route} only`);
  if (caller === undefined) throw new ProxyError('UNAUTHENTICATED', 'the gateway names no caller');
  if (isBase64Encoded !== undefined && isBase64Encoded !== false) throw new ProxyError('MEDIA_TYPE', 'the body is base64-encoded');
  if (typeof body !== 'string' || body === '') throw new ProxyError('MALFORMED', 'the body is empty');
  // A cheap bound first: a UTF-16 unit is at least one byte.
  if (body.length > expected.maxRequestBytes || Buffer.byteLength(body) > expected.maxRequestBytes) {
    throw new ProxyError('TOO_LARGE', `the body has more than ${expected.maxRequestBytes} bytes`);
  }
  const contentType = headerOf(headers, 'content-type');
  if (!isJson(contentType)) throw new ProxyError('MEDIA_TYPE', 'the content type is not application/json');
  return { requestId: idOf(fields(requestContext).requestId), route: expected.route, caller, contentType: 'application/json', body };
}

/** The caller of any event, also of one that is refused: from the part that API Gateway writes; undefined when it names none. */
export function callerOf(event: unknown): Caller | undefined {
  const context = fields(fields(event).requestContext);
  const identity = fields(context.identity);
  const authorizer = fields(context.authorizer);
  const claims = fields(authorizer.claims);
  const principal =
    named('oidc', authorizer.principalId) ?? named('cognito', claims.sub ?? claims.client_id) ?? (text(identity.userArn) ? String(identity.userArn) : undefined);
  if (principal === undefined || principal.length > MAX_PRINCIPAL) return undefined;
  const { apiKeyId } = identity;
  return { principal, ...(text(apiKeyId) ? { apiKeyId } : {}) };
}

/** The size of the body of any event, in bytes. */
export function bodyBytesOf(event: unknown): number {
  const { body } = fields(event);
  return typeof body === 'string' ? Buffer.byteLength(body) : 0;
}

/** The id of a request, or a placeholder: it goes to logs, so it holds nothing but what ids hold. */
export function idOf(value: unknown): string {
  return typeof value === 'string' && /^[\w-]{1,64}$/.test(value) ? value : 'unknown';
}

/** The request id of any event, also of one that is refused. */
export function requestIdOf(event: unknown): string {
  return idOf(fields(fields(event).requestContext).requestId);
}

function named(kind: string, value: unknown): string | undefined {
  return text(value) ? `${kind}:${value}` : undefined;
}

function text(value: unknown): value is string {
  return typeof value === 'string' && /^[\x20-\x7e]{1,512}$/.test(value);
}

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Fields : {};
}

/** The value of a header, whose name may be in any case; two of one name are none. */
function headerOf(headers: unknown, name: string): string | undefined {
  const found = Object.entries(fields(headers)).filter(([key]) => key.toLowerCase() === name);
  const [, value] = found.length === 1 ? found[0] : [];
  return typeof value === 'string' ? value : undefined;
}

/** JSON is UTF-8: another charset would be decoded otherwise by those who read it later. */
function isJson(contentType: string | undefined): boolean {
  return contentType !== undefined && contentType.length <= 64 && /^application\/json(?: *; *charset="?utf-8"?)?$/i.test(contentType.trim());
}
