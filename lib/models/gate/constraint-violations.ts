import { JsonShape } from '../signing/json-shape';
import { parseStrictJson } from '../signing/strict-json';
import type { ResultFrame } from './clarify-analysis';
import type { EvaluationResult, MeasuredMetric } from './evaluation-result';
import { readingResult } from './evaluation-result';

/** Checks that are named also when nothing violates them: a requirement of none must find its zero. */
const KNOWN_CHECKS = [
  'data_type_check', 'completeness_check', 'baseline_drift_check', 'missing_column_check', 'extra_column_check', 'categorical_values_check',
] as const;

/**
 * Reads a monitor's `constraint_violations.json`: `violations` counts all, `violations/<check>` those of one check, with the feature as the
 * group where it is named. The counts are exact, so their confidence interval is the count itself.
 *
 * @throws GateError RESULT_INVALID
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-interpreting-violations.html
 */
export function fromConstraintViolations(document: Uint8Array, frame: ResultFrame): EvaluationResult {
  return readingResult(() => {
    const violations = JsonShape.of(parseStrictJson(document), 'report').objects('violations').map((violation) => ({
      check: violation.string('constraint_check_type'),
      feature: violation.optionalString('feature_name') ?? violation.optionalString('metric_name'),
    }));
    const counts = new Map<string, MeasuredMetric & { value: number }>();
    const count = (id: string, group: string | undefined, by: number): void => {
      const key = JSON.stringify([id, group ?? null]);
      const value = (counts.get(key)?.value ?? 0) + by;
      counts.set(key, { id, ...(group === undefined ? {} : { group }), value, interval: { lower: value, upper: value, level: 1 } });
    };
    count('violations', undefined, violations.length);
    for (const check of KNOWN_CHECKS) count(`violations/${check}`, undefined, 0);
    for (const { check, feature } of violations) {
      count(`violations/${check}`, undefined, 1);
      if (feature !== undefined) count(`violations/${check}`, feature, 1);
    }
    return { ...frame, metrics: [...counts.values()] };
  });
}
