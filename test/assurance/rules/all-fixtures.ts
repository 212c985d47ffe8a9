import { AGENTCORE_FIXTURES } from './fixtures/agentcore';
import { BEDROCK_FIXTURES } from './fixtures/bedrock';
import { DATA_FIXTURES } from './fixtures/data';
import { DELIVERY_FIXTURES } from './fixtures/delivery';
import { IDENTITY_FIXTURES } from './fixtures/identity';
import { INFERENCE_API_FIXTURES } from './fixtures/inference-api';
import { NETWORK_FIXTURES } from './fixtures/network';
import { OBSERVABILITY_FIXTURES } from './fixtures/observability';
import { SAGEMAKER_FIXTURES } from './fixtures/sagemaker';
import { SECRETS_FIXTURES } from './fixtures/secrets';
import type { RuleFixture } from './rule-fixture';

/** The fixtures of every rule. */
export const ALL_FIXTURES: readonly RuleFixture[] = [
  ...SAGEMAKER_FIXTURES,
  ...BEDROCK_FIXTURES,
  ...AGENTCORE_FIXTURES,
  ...IDENTITY_FIXTURES,
  ...DATA_FIXTURES,
  ...NETWORK_FIXTURES,
  ...INFERENCE_API_FIXTURES,
  ...DELIVERY_FIXTURES,
  ...OBSERVABILITY_FIXTURES,
  ...SECRETS_FIXTURES,
];
