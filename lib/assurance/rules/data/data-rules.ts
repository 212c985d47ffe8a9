import type { Rule } from '../rule';

/** Rules about stores of models, training data and vectors. */
export const DATA_RULES: readonly Rule[] = [];
