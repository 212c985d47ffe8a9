import type { Rule } from '../rule';

/** Rules about Bedrock AgentCore runtimes, gateways, memories and tools. */
export const AGENTCORE_RULES: readonly Rule[] = [];
