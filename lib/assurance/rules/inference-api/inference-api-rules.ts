import type { Rule } from '../rule';

/** Rules about APIs and functions in front of models. */
export const INFERENCE_API_RULES: readonly Rule[] = [];
