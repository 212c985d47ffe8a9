import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { GateEvidence } from '../../../lib/models/gate/check-model';
import { checkModel } from '../../../lib/models/gate/check-model';
import type { MeasuredMetric } from '../../../lib/models/gate/evaluation-result';
import { writeGateSummary } from '../../../lib/models/gate/gate-summary';
import { judgeResults } from '../../../lib/models/gate/judge-results';
import { signStatement } from '../../../lib/models/signing/sign-statement';
import { verifyVerificationSummary } from '../../../lib/models/signing/verification-summary';
import { payloadOf, resigned, toBytes, toPlain } from '../signing/test-bundle';
import { newTestKey } from '../signing/test-key';
import { NOW, policyOf, resultOf, ROOT_DIGEST, signedProvenance, signedResult } from './evidence';

const key = newTestKey();
const other = newTestKey();
const trust = { provenance: { publicKey: key.publicKey }, results: { publicKey: key.publicKey } };
const signature = { rootDigest: ROOT_DIGEST, sha256: 'f'.repeat(64) };

async function evidence(change: Partial<GateEvidence> = {}): Promise<GateEvidence> {
  return {
    signature,
    scan: { verdict: 'SAFE', reason: '' },
    provenance: await signedProvenance(key),
    results: [await signedResult(key, resultOf())],
    ...change,
  };
}

async function codes(change: Partial<GateEvidence>, policy = policyOf()): Promise<string[]> {
  const report = checkModel(policy, await evidence(change), trust, NOW);
  expect(report.passed).toBe(report.findings.length === 0);
  return report.findings.map(({ code }) => code);
}

describe('a model passes the gate', () => {
  test('with a signature, a clean scan, a provenance and fresh signed results', async () => {
    const report = checkModel(policyOf(), await evidence(), trust, NOW);
    expect(report).toMatchObject({ passed: true, rootDigest: ROOT_DIGEST, findings: [], policy: { name: 'fraud-production' } });
    expect(report.metrics.map(({ metric, group, passed }) => [metric, group, passed])).toEqual([['auc', null, true], ['auc', 'sex=0', true], ['auc', 'sex=1', true]]);
    expect(report.inputs.map(({ name }) => name)).toEqual(['signature', 'provenance.intoto.json', 'holdout.intoto.json']);
  });

  test('and the decision becomes a verification summary that others verify', async () => {
    const report = checkModel(policyOf(), await evidence(), trust, NOW);
    const gate = 'arn:aws:states:eu-central-1:111122223333:stateMachine:gate';
    const bundle = await signStatement(writeGateSummary(report, {
      gate, subject: { name: 'fraud', digest: { sha256: ROOT_DIGEST } }, resourceUri: 's3://models/fraud/', policyUri: 's3://gate/policy.json', passed: true, decidedAt: NOW,
    }), key.signer);
    const options = { trust: trust.results, subjectDigest: ROOT_DIGEST, verifierId: gate, policyDigest: policyOf().sha256 };
    expect(verifyVerificationSummary(bundle, options).result).toBe('PASSED');
    expect(() => verifyVerificationSummary(bundle, { ...options, policyDigest: policyOf({ maxAgeDays: 31 }).sha256 })).toThrow('not the one asked for');
  });
});

describe('a model fails the gate', () => {
  test('without a valid signature, and then nothing else is said to be about it', async () => {
    const finding = { code: 'SIGNATURE_MISSING', about: 'signature', reason: 'there is none' } as const;
    const report = checkModel(policyOf(), await evidence({ signature: { finding } }), trust, NOW);
    expect(report).toMatchObject({ passed: false, rootDigest: null, findings: [finding], metrics: [], inputs: [] });
  });

  test.each(['SUSPICIOUS', 'UNSCANNABLE', 'DANGEROUS'] as const)('when the scan says %s', async (verdict) => {
    expect(await codes({ scan: { verdict, reason: 'pickle' } })).toEqual(['SCAN_NOT_SAFE']);
  });

  test('without provenance, or with one of another key, model or builder', async () => {
    expect(await codes({ provenance: undefined })).toEqual(['PROVENANCE_MISSING']);
    expect(await codes({ provenance: await signedProvenance(other) })).toEqual(['PROVENANCE_REFUSED']);
    expect(await codes({ provenance: await signedProvenance(key, 'b'.repeat(64)) })).toEqual(['PROVENANCE_REFUSED']);
    expect(await codes({ provenance: await signedProvenance(key, ROOT_DIGEST, 'https://example.com/laptop') })).toEqual(['PROVENANCE_REFUSED']);
    expect(await codes({ provenance: await signedResult(key, resultOf()) })).toEqual(['PROVENANCE_REFUSED']);
  });

  test('without results', async () => {
    expect(await codes({ results: [] })).toEqual(['RESULT_MISSING', 'RESULT_MISSING']);
  });

  test('with results that nobody trusted signed', async () => {
    expect(await codes({ results: [await signedResult(other, resultOf())] })).toContain('RESULT_UNSIGNED');
    const plain = { name: 'plain.json', bytes: Buffer.from('{"schema":"cdk-secure-ai/evaluation-result/v1"}') };
    expect(await codes({ results: [plain] })).toContain('RESULT_UNSIGNED');
  });

  test('with a result whose payload was changed after it was signed', async () => {
    const { name, bytes } = await signedResult(key, resultOf());
    const bundle = toPlain(Buffer.from(bytes));
    bundle.dsseEnvelope.payload = Buffer.from(payloadOf(Buffer.from(bytes)).toString().replace('0.93', '0.99')).toString('base64');
    expect(await codes({ results: [{ name, bytes: toBytes(bundle) }] })).toContain('RESULT_UNSIGNED');
  });

  test('with a result about another model', async () => {
    expect(await codes({ results: [await signedResult(key, resultOf(), 'b'.repeat(64))] })).toContain('RESULT_WRONG_SUBJECT');
  });

  test('with one bad result beside a good one', async () => {
    expect(await codes({ results: [await signedResult(key, resultOf()), await signedResult(other, resultOf(), ROOT_DIGEST, 'extra')] })).toEqual(['RESULT_UNSIGNED']);
  });

  test('with a signed statement of another kind, or with NaN written into a result', async () => {
    expect(await codes({ results: [await signedProvenance(key)] })).toContain('RESULT_INVALID');
    const { name, bytes } = await signedResult(key, resultOf());
    const nan = payloadOf(Buffer.from(bytes)).toString().replace('"value": 0.93', '"value": NaN');
    expect(await codes({ results: [{ name, bytes: resigned(Buffer.from(bytes), nan, key.privateKey) }] })).toContain('RESULT_INVALID');
  });

  test.each([
    ['too old', '2026-05-01T00:00:00Z'],
    ['from the future', '2026-06-15T12:00:01Z'],
  ])('with a result that is %s', async (_, measuredAt) => {
    expect(await codes({ results: [await signedResult(key, resultOf({ measuredAt: new Date(measuredAt) }))] })).toEqual(['RESULT_STALE', 'RESULT_MISSING', 'RESULT_MISSING']);
  });

  test('when the latest result of a suite is bad, whatever the earlier one said', async () => {
    const good = await signedResult(key, resultOf());
    const [overall, ...groups] = resultOf().metrics;
    const bad = resultOf({ measuredAt: new Date('2026-06-12T00:00:00Z'), metrics: [{ ...overall, value: 0.5, interval: { lower: 0.4, upper: 0.6, level: 0.95 } }, ...groups] });
    expect(await codes({ results: [good, await signedResult(key, bad)] })).toEqual(['THRESHOLD_MISSED']);
    const sameTime = { ...bad, measuredAt: resultOf().measuredAt };
    expect(await codes({ results: [await signedResult(key, sameTime), good] })).toEqual(['THRESHOLD_MISSED']);
    const earlier = { ...bad, measuredAt: new Date('2026-06-01T00:00:00Z') };
    expect(await codes({ results: [good, await signedResult(key, earlier)] })).toEqual([]);
  });
});

describe('a metric fails', () => {
  const judged = (metrics: readonly MeasuredMetric[], requirement: object) =>
    judgeResults(policyOf({ requirements: [requirement] }), [{ name: 'r', sha256: '', result: resultOf({ metrics }) }], NOW).findings.map(({ code }) => code);
  const metric = { id: 'auc', value: 0.95, interval: { lower: 0.9, upper: 1, level: 0.95 }, samples: 100 };
  const { interval: _interval, ...bare } = metric;

  test.each([
    ['METRIC_MISSING', [{ ...metric, id: 'f1' }], { metric: 'auc', min: 0 }],
    ['METRIC_MISSING', [{ ...metric, group: 'sex=0' }], { metric: 'auc', min: 0 }],
    ['GROUP_MISSING', [{ ...metric, group: 'sex=0' }], { metric: 'auc', min: 0, groups: ['sex=1'] }],
    ['GROUP_MISSING', [metric], { metric: 'auc', min: 0, groups: 'every' }],
    ['RESULT_MISSING', [metric], { metric: 'auc', min: 0, suite: 'red-team' }],
    ['VALUE_NOT_A_NUMBER', [{ ...metric, value: undefined }], { metric: 'auc', min: 0 }],
    ['VALUE_NOT_A_NUMBER', [{ ...metric, value: NaN }], { metric: 'auc', min: 0 }],
    ['VALUE_NOT_A_NUMBER', [{ ...metric, value: Infinity }], { metric: 'auc', min: 0 }],
    ['BOUND_MISSING', [bare], { metric: 'auc', min: 0 }],
    ['BOUND_MISSING', [{ ...metric, interval: { ...metric.interval, level: 0.9 } }], { metric: 'auc', min: 0 }],
    ['SAMPLE_TOO_SMALL', [metric], { metric: 'auc', min: 0, minSamples: 101 }],
    ['SAMPLE_TOO_SMALL', [{ ...metric, samples: undefined }], { metric: 'auc', min: 0, minSamples: 1 }],
    ['THRESHOLD_MISSED', [metric], { metric: 'auc', min: 0.92 }],
    ['THRESHOLD_MISSED', [{ ...metric, interval: { lower: NaN, upper: NaN, level: 0.95 } }], { metric: 'auc', min: 0 }],
    ['THRESHOLD_MISSED', [metric], { metric: 'auc', max: 0.99 }],
  ])('%s', (code, metrics, requirement) => expect(judged(metrics as never, requirement)).toEqual([code]));

  test('not by its value when the policy compares the value, nor when every group holds', () => {
    expect(judged([bare], { metric: 'auc', min: 0.92, compare: 'value' })).toEqual([]);
    expect(judged([{ ...metric, group: 'a' }, { ...metric, group: 'b' }], { metric: 'auc', min: 0.9, max: 1, groups: 'every' })).toEqual([]);
  });

  test('a number passes only when the whole interval is inside the limits', () => {
    const number = fc.double({ noNaN: false });
    fc.assert(fc.property(number, number, number, number, number, (value, lower, upper, min, max) => {
      if (!(Number.isFinite(min) && Number.isFinite(max) && min <= max)) return;
      const passed = judged([{ id: 'auc', value, interval: { lower, upper, level: 1 } }], { metric: 'auc', min, max }).length === 0;
      expect(passed).toBe(Number.isFinite(value) && lower >= min && upper <= max);
    }), { numRuns: 500 });
  });
});
