import { JsonShape } from '../signing/json-shape';
import { SigningError } from '../signing/signing-error';
import { parseStrictJson } from '../signing/strict-json';
import type { EvaluationResult, MeasuredMetric } from './evaluation-result';
import { assertDistinct, measuredValue, readingResult } from './evaluation-result';

/** What a tool's own output does not say of itself. */
export type ResultFrame = Omit<EvaluationResult, 'metrics'>;

const SECTIONS = ['pre_training_bias_metrics', 'post_training_bias_metrics'] as const;

/**
 * Reads the bias metrics of SageMaker Clarify's `analysis.json`, as `post_training_bias/DPPL` for the group `facet=value`.
 *
 * Clarify gives no confidence intervals, so requirements on these metrics use the value. Explanations are not judged.
 *
 * @throws GateError RESULT_INVALID
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/clarify-processing-job-analysis-results.html
 */
export function fromClarifyAnalysis(document: Uint8Array, frame: ResultFrame): EvaluationResult {
  return readingResult(() => {
    const analysis = JsonShape.of(parseStrictJson(document), 'analysis');
    const metrics = SECTIONS.filter((section) => analysis.has(section)).flatMap((section) => metricsOf(analysis.object(section), section));
    if (metrics.length === 0) throw new SigningError('FIELD_MISSING', `analysis has no bias metrics (${SECTIONS.join(', ')})`);
    assertDistinct(metrics);
    return { ...frame, metrics };
  });
}

function metricsOf(section: JsonShape, name: (typeof SECTIONS)[number]): MeasuredMetric[] {
  const facets = section.object('facets');
  return facets.keys().flatMap((facet) => facets.objects(facet).flatMap((entry) => entry.objects('metrics').map((metric) => ({
    id: `${name.replace(/_metrics$/, '')}/${metric.string('name')}`,
    group: `${facet}=${text(entry, 'value_or_threshold')}`,
    // A metric that Clarify could not compute carries an error and no number.
    value: metric.has('value') ? measuredValue(metric.get('value'), `${facet}.value`) : undefined,
  }))));
}

/** Clarify writes the value as text; older versions as a number. */
function text(shape: JsonShape, name: string): string {
  const value = shape.get(name);
  return typeof value === 'number' ? String(value) : shape.string(name);
}
