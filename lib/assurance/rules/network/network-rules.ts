import type { Rule } from '../rule';

/** Rules about the network of AI workloads. */
export const NETWORK_RULES: readonly Rule[] = [];
