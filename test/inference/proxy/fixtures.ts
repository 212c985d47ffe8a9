import type { AuditRecord } from '../../../lib/inference/proxy/audit-record';
import type { Filters } from '../../../lib/inference/proxy/filter';
import { toInputSchema } from '../../../lib/inference/proxy/input-schema';
import type { ModelPort } from '../../../lib/inference/proxy/model-port';
import type { ProxySettings } from '../../../lib/inference/proxy/proxy-settings';
import type { ProxyPorts } from '../../../lib/inference/proxy/serve-inference';

export const SETTINGS: ProxySettings = {
  route: '/infer/fraud',
  modelDigest: 'sha256-0a1b',
  schema: toInputSchema({
    type: 'object', properties: { prompt: { type: 'string', maxLength: 20_000 }, count: { type: 'integer' } }, required: ['prompt'], additionalProperties: false,
  }),
  maxRequestBytes: 16_384,
  maxAnswerBytes: 65_536,
  deadlineMs: 2_000,
};

/** The event of a good request, changed where a test says so. */
export function makeEvent(change: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    resource: '/infer/fraud',
    path: '/infer/fraud',
    httpMethod: 'POST',
    headers: { 'Content-Type': 'application/json' },
    isBase64Encoded: false,
    body: JSON.stringify({ prompt: 'hello' }),
    requestContext: { requestId: 'r-1', identity: { apiKeyId: 'key-1' }, authorizer: { principalId: 'alice' } },
    ...change,
  };
}

/** Ports around a model, with the records that were written. */
export function portsWith(ask: ModelPort['ask'], filters: Filters = { input: [], output: [] }): { ports: ProxyPorts; records: AuditRecord[] } {
  const records: AuditRecord[] = [];
  return {
    records,
    ports: {
      model: { ask },
      filters,
      now: () => performance.now(),
      deadline: (ms) => {
        const controller = new AbortController();
        const timer = setTimeout(() => controller.abort(), ms);
        return { signal: controller.signal, drop: () => clearTimeout(timer) };
      },
      record: (record) => records.push(record),
    },
  };
}

export const json = (value: unknown) => ({ body: Buffer.from(JSON.stringify(value)), contentType: 'application/json' });
