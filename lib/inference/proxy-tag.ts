/** The tag of proxies and their roles. */
export const PROXY_TAG = { KEY: 'cdk-secure-ai:purpose', VALUE: 'inference-proxy' } as const;

/** The path of their roles and policies: whether a role is passed on cannot be told by its tags. */
export const PROXY_PATH = '/secure-ai/inference-proxy/';

/** Sids of the guard's statements, so that proofs can take one away. */
export const ENDPOINT_GUARD = {
  INVOCATION: 'DenyInvocationAroundGateway',
  DISGUISE: 'DenyDisguiseAsProxy',
  ROLE: 'DenyUseOfProxyRoles',
  FUNCTION: 'DenyUseOfProxies',
} as const;
