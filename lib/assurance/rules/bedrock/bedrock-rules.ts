import type { Rule } from '../rule';
import { invokeModelAllowList } from './invoke-model-allow-list';
import { invokeRequiresGuardrail } from './invoke-requires-guardrail';
import { noBedrockKeyUsers } from './no-bedrock-key-users';
import { noDisableLogging } from './no-disable-logging';

/** Rules about Bedrock agents, guardrails, knowledge bases, flows and prompts. */
export const BEDROCK_RULES: readonly Rule[] = [
  invokeRequiresGuardrail,
  invokeModelAllowList,
  noBedrockKeyUsers,
  noDisableLogging,
];
