import type { Rule } from '../rule';

/** Rules about what roles, users and policies may do to models and data. */
export const IDENTITY_RULES: readonly Rule[] = [];
