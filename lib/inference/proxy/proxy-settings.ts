import type { InputSchema } from './input-schema';
import { toInputSchema } from './input-schema';

/** The limits of a route. */
export interface ProxyLimits {
  /** In bytes. */
  readonly maxRequestBytes: number;
  /** In bytes. */
  readonly maxAnswerBytes: number;
  /** How long a request may take in all, in milliseconds: less than the gateway waits. */
  readonly deadlineMs: number;
}

/** What the construct tells the handler. */
export interface ProxySettings extends ProxyLimits {
  readonly route: string;
  readonly modelDigest: string;
  readonly schema: InputSchema;
}

/**
 * The longest body, in bytes: half of what a function takes and gives, since it travels as a text inside JSON, where a quotation mark
 * has two.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export const MAX_BODY_BYTES = 3 * 1024 * 1024;
/** How long a REST API waits for an integration, in milliseconds. @see https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html */
export const GATEWAY_TIMEOUT_MS = 29_000;

/**
 * Reads the settings, which the construct wrote as JSON.
 *
 * @throws Error for settings that a proxy cannot hold
 */
export function toProxySettings(text: string): ProxySettings {
  const { route, modelDigest, schema, ...limits } = JSON.parse(text) as Record<string, unknown>;
  if (typeof route !== 'string' || !/^\/[\w./-]{1,200}$/.test(route)) throw new Error(`route must be a path, got ${JSON.stringify(route)}`);
  if (typeof modelDigest !== 'string' || modelDigest === '') throw new Error('modelDigest is missing');
  const bound = (name: string, most: number): number => {
    const value = limits[name];
    if (!Number.isInteger(value) || (value as number) < 1 || (value as number) > most) {
      throw new Error(`${name} must be a whole number from 1 to ${most}, got ${JSON.stringify(value)}`);
    }
    return value as number;
  };
  return {
    route,
    modelDigest,
    schema: toInputSchema(schema),
    maxRequestBytes: bound('maxRequestBytes', MAX_BODY_BYTES),
    maxAnswerBytes: bound('maxAnswerBytes', MAX_BODY_BYTES),
    deadlineMs: bound('deadlineMs', GATEWAY_TIMEOUT_MS - 1_000),
  };
}
