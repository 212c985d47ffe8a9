import type { Rule } from '../rule';

/** Rules about Bedrock agents, guardrails, knowledge bases, flows and prompts. */
export const BEDROCK_RULES: readonly Rule[] = [];
