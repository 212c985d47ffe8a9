import type { MeasuredMetric } from './evaluation-result';
import type { GateFinding, GateFindingCode } from './gate-finding';
import type { GatePolicy, MetricRequirement } from './gate-policy';
import type { TrustedResult } from './signed-result';

/** One requirement on one measured number, as a table shows it. */
export interface JudgedMetric {
  readonly metric: string;
  readonly group: string | null;
  readonly min: number | null;
  readonly max: number | null;
  readonly value: number | null;
  /** What was compared: both ends of the interval, or the value twice. */
  readonly compared: readonly [number, number] | null;
  readonly passed: boolean;
}

export interface JudgedResults {
  readonly findings: readonly GateFinding[];
  readonly metrics: readonly JudgedMetric[];
  /** The results that counted. */
  readonly used: readonly TrustedResult[];
}

const MS_PER_DAY = 24 * 60 * 60 * 1000;

/**
 * Judges trusted results by a policy. Whatever is not clearly good is a finding: a missing number is as bad as a wrong one.
 *
 * Of one suite the latest result counts, and all of them when several carry the same time. Every result that counts and has the metric
 * must satisfy the requirement.
 */
export function judgeResults(policy: GatePolicy, results: readonly TrustedResult[], now: Date): JudgedResults {
  const latest = latestOfEachSuite(results);
  const stale = latest.map((one) => ageFinding(one, policy, now)).filter((finding) => finding !== undefined);
  const used = latest.filter((one) => ageFinding(one, policy, now) === undefined);
  const findings: GateFinding[] = [...stale];
  const metrics: JudgedMetric[] = [];
  for (const requirement of policy.requirements) {
    const outcome = judgeRequirement(requirement, used, policy.confidence);
    findings.push(...outcome.findings);
    metrics.push(...outcome.metrics);
  }
  return { findings, metrics, used };
}

function latestOfEachSuite(results: readonly TrustedResult[]): TrustedResult[] {
  const newest = new Map<string, number>();
  for (const { result } of results) newest.set(result.suite, Math.max(newest.get(result.suite) ?? -Infinity, result.measuredAt.getTime()));
  return results.filter(({ result }) => result.measuredAt.getTime() === newest.get(result.suite));
}

function ageFinding({ name, result }: TrustedResult, { maxAgeDays }: GatePolicy, now: Date): GateFinding | undefined {
  const days = (now.getTime() - result.measuredAt.getTime()) / MS_PER_DAY;
  // A time ahead of now is as suspicious as one that is too old; NaN is inside nothing.
  if (days >= 0 && days <= maxAgeDays) return undefined;
  const age = days < 0 ? 'is from the future' : `is ${days.toFixed(1)} days old`;
  return { code: 'RESULT_STALE', about: name, reason: `it was measured on ${result.measuredAt.toISOString()} and ${age}; allowed are ${maxAgeDays} days` };
}

function judgeRequirement(requirement: MetricRequirement, results: readonly TrustedResult[], confidence: number): Omit<JudgedResults, 'used'> {
  const { metric: id, groups, suite } = requirement;
  const candidates = results.filter(({ result }) => suite === undefined || result.suite === suite);
  if (candidates.length === 0) {
    return { findings: [missing('RESULT_MISSING', id, suite === undefined ? 'there is no usable result' : `there is no usable result of the suite ${suite}`)], metrics: [] };
  }
  const measured = candidates.flatMap(({ result }) => result.metrics.filter((metric) => metric.id === id));
  if (measured.length === 0) return { findings: [missing('METRIC_MISSING', id, 'no usable result has this metric')], metrics: [] };
  const wanted = groups === 'none' ? [undefined] : groups === 'every' ? [...new Set(measured.map(({ group }) => group).filter((group) => group !== undefined))] : groups;
  if (wanted.length === 0) return { findings: [missing('GROUP_MISSING', id, 'it was not measured for any group')], metrics: [] };
  const findings: GateFinding[] = [];
  const metrics: JudgedMetric[] = [];
  for (const group of wanted) {
    const found = measured.filter((metric) => metric.group === group);
    if (found.length === 0) {
      const code = group === undefined ? 'METRIC_MISSING' : 'GROUP_MISSING';
      findings.push(missing(code, nameOf(id, group), group === undefined ? 'it was measured for groups only' : 'it was not measured for this group'));
    }
    for (const metric of found) {
      const finding = judgeMetric(requirement, metric, confidence);
      if (finding) findings.push(finding);
      metrics.push({
        metric: id, group: group ?? null, min: requirement.min ?? null, max: requirement.max ?? null, value: metric.value ?? null,
        compared: comparedOf(requirement, metric) ?? null, passed: finding === undefined,
      });
    }
  }
  return { findings, metrics };
}

function judgeMetric(requirement: MetricRequirement, metric: MeasuredMetric, confidence: number): GateFinding | undefined {
  const about = nameOf(metric.id, metric.group);
  const { min = -Infinity, max = Infinity, minSamples } = requirement;
  // Written so that NaN, were it ever to come here, fails.
  if (metric.value === undefined || !Number.isFinite(metric.value)) return missing('VALUE_NOT_A_NUMBER', about, 'the tool found no number');
  if (minSamples !== undefined && !((metric.samples ?? 0) >= minSamples)) {
    return missing('SAMPLE_TOO_SMALL', about, `it was measured on ${metric.samples ?? 'an unknown number of'} records; needed are ${minSamples}`);
  }
  const compared = comparedOf(requirement, metric);
  if (!compared) return missing('BOUND_MISSING', about, 'it has no confidence interval, which the policy compares');
  if (requirement.compare === 'interval' && !((metric.interval?.level ?? 0) >= confidence)) {
    return missing('BOUND_MISSING', about, `its interval has the confidence ${metric.interval?.level}; needed is ${confidence}`);
  }
  const [lower, upper] = compared;
  if (lower >= min && upper <= max) return undefined;
  const what = lower === upper ? `${lower}` : `${lower} to ${upper}`;
  return missing('THRESHOLD_MISSED', about, `${what} is not ${limits(requirement)}`);
}

function comparedOf({ compare }: MetricRequirement, { value, interval }: MeasuredMetric): readonly [number, number] | undefined {
  if (value === undefined) return undefined;
  if (compare === 'value') return [value, value];
  return interval && [interval.lower, interval.upper];
}

function limits({ min, max }: MetricRequirement): string {
  return [...(min === undefined ? [] : [`at least ${min}`]), ...(max === undefined ? [] : [`at most ${max}`])].join(' and ');
}

function nameOf(id: string, group: string | undefined): string {
  return group === undefined ? id : `${id} of ${group}`;
}

function missing(code: GateFindingCode, about: string, reason: string): GateFinding {
  return { code, about, reason };
}
