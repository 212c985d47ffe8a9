import { assertDescriptor, readUtcTime } from '../signing/attestation-shape';
import { JsonShape } from '../signing/json-shape';
import { quoted, shownTime, SigningError } from '../signing/signing-error';
import type { JsonValue } from '../signing/strict-json';
import { parseStrictJson } from '../signing/strict-json';
import { GateError } from './gate-error';
import { numberBetween, optionalNumber } from './number-field';

/** Names the format inside a document. */
export const EVALUATION_RESULT_SCHEMA = 'cdk-secure-ai/evaluation-result/v1';

/** Metrics of one result; a larger document is no summary. */
const MAX_METRICS = 10_000;

/** A confidence interval. */
export interface Interval {
  readonly lower: number;
  readonly upper: number;
  /** The confidence that it was made for, as `0.95`. */
  readonly level: number;
}

/** One measured number. */
export interface MeasuredMetric {
  readonly id: string;
  /** The part of the data that it was measured on, as `sex=0`. Left out: all of it. */
  readonly group?: string;
  /** `undefined` where the tool found no number: it fails every requirement. */
  readonly value: number | undefined;
  readonly interval?: Interval;
  /** Records that it was measured on. */
  readonly samples?: number;
}

/** What an evaluation found, in the one form that the gate reads, whatever tool measured. */
export interface EvaluationResult {
  /** What was done, as `holdout-2026`: a later result of the same suite takes the place of an earlier one. */
  readonly suite: string;
  readonly tool: { readonly name: string; readonly version: string };
  readonly measuredAt: Date;
  readonly metrics: readonly MeasuredMetric[];
}

/**
 * Reads a result. Everything that is not exactly the format is refused; a value of `null` stands for "no number".
 *
 * @throws GateError RESULT_INVALID
 */
export function parseEvaluationResult(document: Uint8Array): EvaluationResult {
  return readingResult(() => readEvaluationResult(JsonShape.of(parseStrictJson(document), 'result')));
}

/** Turns what the readers of JSON throw into the one error of the gate. */
export function readingResult<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof SigningError)) throw cause;
    throw new GateError('RESULT_INVALID', cause.message, { cause });
  }
}

/** @throws SigningError with a JSON or FIELD code */
export function readEvaluationResult(shape: JsonShape): EvaluationResult {
  shape.only('schema', 'suite', 'tool', 'measuredAt', 'metrics', 'artifacts');
  if (shape.string('schema') !== EVALUATION_RESULT_SCHEMA) throw new SigningError('FIELD_INVALID', `schema must be ${EVALUATION_RESULT_SCHEMA}`);
  const tool = shape.object('tool').only('name', 'version', 'imageDigest');
  tool.optionalString('imageDigest');
  if (shape.has('artifacts')) shape.objects('artifacts').forEach(assertDescriptor);
  shape.string('measuredAt');
  const metrics = shape.objects('metrics');
  if (metrics.length === 0 || metrics.length > MAX_METRICS) {
    throw new SigningError('FIELD_INVALID', `result.metrics must have 1 to ${MAX_METRICS} entries, got ${metrics.length}`);
  }
  const result = {
    suite: shape.string('suite'),
    tool: { name: tool.string('name'), version: tool.string('version') },
    measuredAt: readUtcTime(shape, 'measuredAt')!,
    metrics: metrics.map(readMetric),
  };
  assertDistinct(result.metrics);
  return result;
}

/** The document that `parseEvaluationResult` reads. */
export function writeEvaluationResult({ suite, tool, measuredAt, metrics }: EvaluationResult): object {
  return {
    schema: EVALUATION_RESULT_SCHEMA,
    suite,
    tool,
    measuredAt: shownTime(measuredAt),
    metrics: metrics.map((metric) => ({ ...metric, value: metric.value ?? null })),
  };
}

/** A number, or `undefined` for what tools write in place of one. @throws SigningError FIELD_INVALID */
export function measuredValue(value: JsonValue | undefined, place: string): number | undefined {
  if (value === null || value === 'NaN' || value === 'Infinity' || value === '-Infinity') return undefined;
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new SigningError('FIELD_INVALID', `${place} must be a number or null`);
  return value;
}

/** Two numbers for one thing: the tool, or somebody, is mistaken, and choosing one would hide it. @throws SigningError FIELD_INVALID */
export function assertDistinct(metrics: readonly MeasuredMetric[]): void {
  const seen = new Set<string>();
  for (const { id, group } of metrics) {
    const key = JSON.stringify([id, group ?? null]);
    if (seen.has(key)) throw new SigningError('FIELD_INVALID', `metric ${quoted(id)}${group === undefined ? '' : ` of ${quoted(group)}`} is there twice`);
    seen.add(key);
  }
}

function readMetric(shape: JsonShape): MeasuredMetric {
  shape.only('id', 'group', 'value', 'interval', 'samples');
  const value = measuredValue(shape.get('value'), 'metric.value');
  const interval = shape.has('interval') ? readInterval(shape.object('interval')) : undefined;
  if (interval && value !== undefined && !(interval.lower <= value && value <= interval.upper)) {
    throw new SigningError('FIELD_INVALID', `metric ${quoted(shape.string('id'))} lies outside its own confidence interval`);
  }
  const group = shape.optionalString('group');
  return {
    id: shape.string('id'),
    ...(group === undefined ? {} : { group }),
    value,
    ...(interval ? { interval } : {}),
    ...(shape.has('samples') ? { samples: shape.positiveInteger('samples') } : {}),
  };
}

function readInterval(shape: JsonShape): Interval {
  shape.only('lower', 'upper', 'level');
  const lower = numberBetween(optionalNumber(shape, 'lower', 'interval'), 'interval.lower', -Number.MAX_VALUE, Number.MAX_VALUE);
  const upper = numberBetween(optionalNumber(shape, 'upper', 'interval'), 'interval.upper', lower, Number.MAX_VALUE);
  return { lower, upper, level: numberBetween(optionalNumber(shape, 'level', 'interval'), 'interval.level', 0.5, 1) };
}
