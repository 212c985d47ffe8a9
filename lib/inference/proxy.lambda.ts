import { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { requireEnvironment } from '../core/handler-environment';
import { PROXY_ENV } from './proxy.contract';
import type { ProxySettings } from './proxy/proxy-settings';
import { toProxySettings } from './proxy/proxy-settings';
import { SageMakerModel } from './proxy/sagemaker-model';
import type { GatewayAnswer, ProxyPorts } from './proxy/serve-inference';
import { serveInference } from './proxy/serve-inference';

// One attempt: a second one would double the cost of a slow model, and the caller knows better whether to ask again.
const client = new SageMakerRuntimeClient({ maxAttempts: 1 });
let ready: { readonly settings: ProxySettings; readonly ports: ProxyPorts } | undefined;

/** Answers one request of the gateway; see `serveInference`. */
export async function handler(event: unknown, context?: { getRemainingTimeInMillis(): number }): Promise<GatewayAnswer> {
  ready ??= prepare();
  const { settings, ports } = ready;
  return serveInference(event, settings, ports, context?.getRemainingTimeInMillis() ?? settings.deadlineMs + 500);
}

function prepare(): { settings: ProxySettings; ports: ProxyPorts } {
  const settings = toProxySettings(requireEnvironment(PROXY_ENV.SETTINGS));
  const model = new SageMakerModel(client, requireEnvironment(PROXY_ENV.ENDPOINT_NAME));
  return {
    settings,
    ports: {
      model,
      filters: { input: [], output: [] },
      now: () => performance.now(),
      deadline: (ms) => {
        const controller = new AbortController();
        const timer = setTimeout(() => controller.abort(), ms);
        return { signal: controller.signal, drop: () => clearTimeout(timer) };
      },
      record: (record) => console.log(JSON.stringify(record)),
    },
  };
}
