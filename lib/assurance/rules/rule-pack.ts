import { AGENTCORE_RULES } from './agentcore/agentcore-rules';
import { BEDROCK_RULES } from './bedrock/bedrock-rules';
import { DATA_RULES } from './data/data-rules';
import { DELIVERY_RULES } from './delivery/delivery-rules';
import { IDENTITY_RULES } from './identity/identity-rules';
import { INFERENCE_API_RULES } from './inference-api/inference-api-rules';
import { NETWORK_RULES } from './network/network-rules';
import { OBSERVABILITY_RULES } from './observability/observability-rules';
import type { Rule } from './rule';
import { SAGEMAKER_RULES } from './sagemaker/sagemaker-rules';
import { SECRETS_RULES } from './secrets/secrets-rules';

/** Every rule of the pack. */
export const RULE_PACK: readonly Rule[] = [
  ...SAGEMAKER_RULES,
  ...BEDROCK_RULES,
  ...AGENTCORE_RULES,
  ...IDENTITY_RULES,
  ...DATA_RULES,
  ...NETWORK_RULES,
  ...INFERENCE_API_RULES,
  ...DELIVERY_RULES,
  ...OBSERVABILITY_RULES,
  ...SECRETS_RULES,
];
