/** The tag of the roles of proxies. */
export const PROXY_TAG = { KEY: 'cdk-secure-ai:purpose', VALUE: 'inference-proxy' } as const;

/** Sids of the guard's statements, so that proofs can take one away. */
export const ENDPOINT_GUARD = { INVOCATION: 'DenyInvocationAroundGateway', DISGUISE: 'DenyDisguiseAsProxy' } as const;
