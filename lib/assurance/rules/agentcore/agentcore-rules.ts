import type { Rule } from '../rule';
import { cedarPermit } from './cedar-permit';
import { gatewayAuthorizer } from './gateway-authorizer';
import { gatewayKeyAndErrors } from './gateway-key-and-errors';
import { gatewayPolicyEngine } from './gateway-policy-engine';
import { gatewayRateLimit } from './gateway-rate-limit';
import { jwtAudience } from './jwt-audience';
import { memoryLimit } from './memory-limit';
import { noPublicResourcePolicy } from './no-public-resource-policy';
import { noSecretInEnvironment } from './no-secret-in-environment';
import { policyEnforced } from './policy-enforced';
import { policyEngineKey } from './policy-engine-key';
import { runtimeInVpc } from './runtime-in-vpc';
import { toolSandbox } from './tool-sandbox';

/** Rules about Bedrock AgentCore runtimes, gateways, memories and tools. */
export const AGENTCORE_RULES: readonly Rule[] = [
  runtimeInVpc,
  jwtAudience,
  noSecretInEnvironment,
  gatewayAuthorizer,
  gatewayPolicyEngine,
  gatewayKeyAndErrors,
  gatewayRateLimit,
  toolSandbox,
  memoryLimit,
  cedarPermit,
  noPublicResourcePolicy,
  policyEngineKey,
  policyEnforced,
];
