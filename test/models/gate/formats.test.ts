import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromClarifyAnalysis } from '../../../lib/models/gate/clarify-analysis';
import { fromConstraintViolations } from '../../../lib/models/gate/constraint-violations';
import { parseEvaluationResult, writeEvaluationResult } from '../../../lib/models/gate/evaluation-result';
import { GateError } from '../../../lib/models/gate/gate-error';
import { parseGatePolicy } from '../../../lib/models/gate/gate-policy';
import { policyDocument, policyOf, resultOf } from './evidence';

const bytes = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
const document = (change: object = {}) => ({ ...writeEvaluationResult(resultOf()), ...change });
const metric = { id: 'auc', value: 0.9 };
const frame = { suite: 'bias', tool: { name: 'clarify', version: '1.0' }, measuredAt: new Date('2026-06-10T00:00:00Z') };

describe('an evaluation result', () => {
  test('survives writing and reading, with numbers that are none', () => {
    const result = resultOf({ metrics: [{ id: 'auc', value: undefined }, ...resultOf().metrics.slice(1)] });
    expect(parseEvaluationResult(bytes(writeEvaluationResult(result)))).toEqual(result);
  });

  test.each([
    ['another schema', { schema: 'cdk-secure-ai/evaluation-result/v2' }],
    ['an unknown field', { verdict: 'passed' }],
    ['a prototype-named field', '{"__proto__": {"schema": "x"}}'],
    ['no metrics', { metrics: [] }],
    ['too many metrics', { metrics: Array.from({ length: 10_001 }, (_, index) => ({ id: `m${index}`, value: 0 })) }],
    ['a metric twice', { metrics: [metric, metric] }],
    ['text for a number', { metrics: [{ id: 'auc', value: '0.99' }] }],
    ['a value left out', { metrics: [{ id: 'auc' }] }],
    ['a value outside its interval', { metrics: [{ ...metric, interval: { lower: 0.95, upper: 0.99, level: 0.95 } }] }],
    ['an interval upside down', { metrics: [{ id: 'auc', value: null, interval: { lower: 1, upper: 0, level: 0.95 } }] }],
    ['an interval without its confidence', { metrics: [{ ...metric, interval: { lower: 0, upper: 1 } }] }],
    ['a time without zone', { measuredAt: '2026-06-10 12:00' }],
    ['a time left out', { measuredAt: undefined }],
    ['half a sample', { metrics: [{ ...metric, samples: 0.5 }] }],
  ])('with %s is refused', (_, change) => {
    const wrong = typeof change === 'string' ? bytes(change) : bytes(document(change));
    expect(() => parseEvaluationResult(wrong)).toThrow(expect.objectContaining({ code: 'RESULT_INVALID' }));
  });

  test.each(['NaN', 'Infinity', '-Infinity', '1e999', '0x1'])('with the literal %s is refused', (literal) => {
    const text = JSON.stringify(document({ metrics: [{ id: 'auc', value: 12345 }] })).replace('12345', literal);
    expect(() => parseEvaluationResult(bytes(text))).toThrow(GateError);
  });

  test('of any bytes is read or refused, and never anything else', () => {
    const clarify = (input: Uint8Array) => fromClarifyAnalysis(input, frame);
    const violations = (input: Uint8Array) => fromConstraintViolations(input, frame);
    const readers = [parseEvaluationResult, parseGatePolicy, clarify, violations];
    fc.assert(fc.property(fc.oneof(fc.uint8Array({ maxLength: 60 }), fc.json().map(bytes)), fc.constantFrom(...readers), (input, read) => {
      try {
        read(input);
      } catch (error) {
        expect(error).toBeInstanceOf(GateError);
      }
    }), { numRuns: 600 });
  });

  test('with any one field of another type is refused or means the same', () => {
    const good = document() as Record<string, unknown>;
    fc.assert(fc.property(fc.constantFrom(...Object.keys(good)), fc.jsonValue(), (field, value) => {
      try {
        const { metrics } = parseEvaluationResult(bytes({ ...good, [field]: value }));
        expect(metrics.every((one) => one.value === undefined || Number.isFinite(one.value))).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(GateError);
      }
    }), { numRuns: 300 });
  });
});

describe('a policy', () => {
  test('is read with its defaults and the digest of its bytes', () => {
    expect(policyOf()).toMatchObject({ confidence: 0.95, maxAgeDays: 30, requirements: [{ metric: 'auc', min: 0.9, compare: 'interval', groups: 'none' }, { groups: ['sex=0', 'sex=1'] }] });
    expect(policyOf().sha256).not.toBe(policyOf({ name: 'other' }).sha256);
  });

  test.each([
    ['no requirement', { requirements: [] }, 'every model would pass'],
    ['no limit', { requirements: [{ metric: 'auc' }] }, 'neither min nor max'],
    ['limits that exclude each other', { requirements: [{ metric: 'auc', min: 1, max: 0 }] }, 'no model could pass'],
    ['a field that is misspelt', { requirements: [{ metric: 'auc', min: 0, minSample: 9 }] }, 'unknown field "minSample"'],
    ['no builder', { builders: [] }, 'no model could pass'],
    ['no age', { maxAgeDays: undefined }, 'policy.maxAgeDays must be a number'],
    ['a confidence of nothing', { confidence: 0 }, 'from 0.5 to 1'],
    ['an empty list of groups', { requirements: [{ metric: 'auc', min: 0, groups: [] }] }, 'groups is empty'],
    ['another comparison', { requirements: [{ metric: 'auc', min: 0, compare: 'mean' }] }, 'it must be interval or value'],
    ['another schema', { schema: 'x' }, 'schema must be'],
  ])('with %s is refused', (_, change, message) => {
    expect(() => parseGatePolicy(policyDocument(change))).toThrow(expect.objectContaining({ code: 'POLICY_INVALID', message: expect.stringContaining(message) as string }));
  });
});

describe('Clarify\'s analysis.json', () => {
  const section = (value: unknown) => ({ label: 'fraud', facets: { sex: [{ value_or_threshold: '0', metrics: [{ name: 'DPPL', description: 'd', value }] }] } });

  test('becomes metrics by facet, before and after training', () => {
    const analysis = { version: '1.0', pre_training_bias_metrics: section(0.1), post_training_bias_metrics: section(-0.02), explanations: {} };
    expect(fromClarifyAnalysis(bytes(analysis), frame)).toEqual({
      ...frame, metrics: [{ id: 'pre_training_bias/DPPL', group: 'sex=0', value: 0.1 }, { id: 'post_training_bias/DPPL', group: 'sex=0', value: -0.02 }],
    });
  });

  test.each([null, 'NaN', 'Infinity'])('keeps %s as no number', (value) => {
    expect(fromClarifyAnalysis(bytes({ post_training_bias_metrics: section(value) }), frame).metrics[0].value).toBeUndefined();
  });

  test('without any bias metric is refused, as is NaN as Python writes it', () => {
    expect(() => fromClarifyAnalysis(bytes({ explanations: {} }), frame)).toThrow('has no bias metrics');
    expect(() => fromClarifyAnalysis(bytes(JSON.stringify({ post_training_bias_metrics: section(7) }).replace('7}', 'NaN}')), frame)).toThrow(GateError);
  });
});

describe('constraint_violations.json', () => {
  const report = (...violations: object[]) => fromConstraintViolations(bytes({ violations }), frame).metrics;
  const drift = { feature_name: 'amount', constraint_check_type: 'baseline_drift_check', description: 'd' };

  test('counts by check and feature', () => {
    const count = (id: string, group?: string) => report(drift, drift, { ...drift, feature_name: 'age' }).find((one) => one.id === id && one.group === group)?.value;
    expect([count('violations'), count('violations/baseline_drift_check'), count('violations/baseline_drift_check', 'amount')]).toEqual([3, 3, 2]);
    expect(count('violations/data_type_check')).toBe(0);
  });

  test('without violations has a zero for each known check, so that a requirement of none finds it', () => {
    expect(report().map(({ value }) => value)).toEqual([0, 0, 0, 0, 0, 0, 0]);
    expect(() => fromConstraintViolations(bytes({}), frame)).toThrow('violations is missing');
  });
});
