import type { HandlerContract } from '../core/handler-contract';

/** Names of the environment variables of the proxy. */
export const PROXY_ENV = {
  /** The name of the endpoint. */
  ENDPOINT_NAME: 'ENDPOINT_NAME',
  /** Route, limits, schema and model digest, as JSON: see `ProxySettings`. */
  SETTINGS: 'SETTINGS',
} as const;

/** The method and the folder under which a gateway serves its models. */
export const ROUTE_METHOD = 'POST';
export const ROUTE_FOLDER = 'infer';

/** What the proxy's construct, handler and tests agree on. */
export const PROXY: HandlerContract = {
  area: 'inference',
  name: 'proxy',
  environment: Object.values(PROXY_ENV),
  calls: [{ service: 'sagemaker.runtime', operation: 'InvokeEndpoint', permits: [{ actions: ['sagemaker:InvokeEndpoint'], slot: 'endpoint' }] }],
};
