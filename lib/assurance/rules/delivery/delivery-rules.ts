import type { Rule } from '../rule';

/** Rules about pipelines, registries and helper functions that bring models to production. */
export const DELIVERY_RULES: readonly Rule[] = [];
