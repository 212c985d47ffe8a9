import type { Rule } from '../rule';

/** Rules about trails, logs and detections of AI workloads. */
export const OBSERVABILITY_RULES: readonly Rule[] = [];
