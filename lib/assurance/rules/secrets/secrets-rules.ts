import type { Rule } from '../rule';

/** Rules about secrets that stand in a template. */
export const SECRETS_RULES: readonly Rule[] = [];
