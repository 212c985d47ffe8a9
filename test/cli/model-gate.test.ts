import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CliBench } from './cli-run';

const bench = new CliBench();
const BUILDER = 'https://example.com/training';

const policy = (change: object = {}) => JSON.stringify({
  schema: 'cdk-secure-ai/gate-policy/v1', name: 'production', builders: [BUILDER], maxAgeDays: 30,
  requirements: [{ metric: 'auc', min: 0.9 }, { metric: 'auc', min: 0.8, groups: ['sex=0'] }], ...change,
});
const auc = (value: number, group?: string) => ({ id: 'auc', ...(group ? { group } : {}), value, interval: { lower: value - 0.01, upper: value + 0.01, level: 0.95 } });
const result = (metrics: object[], measuredAt = new Date(Date.now() - 60_000).toISOString()) =>
  JSON.stringify({ schema: 'cdk-secure-ai/evaluation-result/v1', suite: 'holdout', tool: { name: 'evaluator', version: '1' }, measuredAt, metrics });
const attest = (model: string, kind: string, from: string, output: string, key = 'key.pem') =>
  bench.run('model', 'attest', model, `--${kind}`, from, '--key', key, '--output', output);
const gate = (model: string, ...more: string[]) =>
  bench.run('model', 'gate', model, '--policy', 'policy.json', '--key', 'key.pub', '--provenance', 'provenance.json', '--result', 'holdout.json', ...more);
const codes = (run: ReturnType<typeof gate>) => (run.json().findings as { code: string }[]).map(({ code }) => code);

beforeAll(() => {
  bench.signed('model');
  bench.write('policy.json', policy());
  bench.write('in/provenance.json', JSON.stringify({ buildDefinition: { buildType: 'https://example.com/build/v1', externalParameters: {} }, runDetails: { builder: { id: BUILDER } } }));
  bench.write('in/result.json', result([auc(0.95), auc(0.85, 'sex=0')]));
  for (const [kind, from, output] of [['provenance', 'in/provenance.json', 'provenance.json'], ['result', 'in/result.json', 'holdout.json']]) {
    const { code, err } = attest('model', kind, from, output);
    if (code !== 0) throw new Error(err);
  }
});
afterAll(() => bench.remove());

describe('model gate', () => {
  test('passes a model with all its evidence, and says what it compared', () => {
    const { code, out } = gate('model');
    expect(code).toBe(0);
    expect(out).toContain('pass  auc of sex=0  0.85, in 0.84 to 0.86, at least 0.8');
    expect(out).toContain('✔ model passes production');
  });

  test('names the digest and every input for machines', () => {
    const document = gate('model', '--json').json();
    expect(document).toMatchObject({ schema: 'cdk-secure-ai/model-gate/v1', passed: true, scan: 'SAFE', findings: [], rootDigest: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
    expect((document.inputs as { name: string }[]).map(({ name }) => name)).toEqual(['signature', 'provenance.json', 'holdout.json']);
  });

  test('fails a model below the threshold', () => {
    bench.write('in/weak.json', result([auc(0.9), auc(0.85, 'sex=0')]));
    attest('model', 'result', 'in/weak.json', 'weak.json');
    const run = bench.run('model', 'gate', 'model', '--policy', 'policy.json', '--key', 'key.pub', '--provenance', 'provenance.json', '--result', 'weak.json');
    expect(run.code).toBe(1);
    expect(run.out).toContain('fail  auc           0.9, in 0.89 to 0.91, at least 0.9, THRESHOLD_MISSED');
  });

  test('fails without results, without provenance, and by results of another model', () => {
    const bare = bench.run('model', 'gate', 'model', '--policy', 'policy.json', '--key', 'key.pub', '--json');
    expect([bare.code, codes(bare)]).toEqual([1, ['PROVENANCE_MISSING', 'RESULT_MISSING', 'RESULT_MISSING']]);
    bench.signed('other');
    bench.write('other/config/labels.json', '[]');
    bench.run('model', 'sign', 'other', '--key', 'key.pem', '--force');
    const foreign = gate('other', '--json');
    expect([foreign.code, codes(foreign)]).toEqual([1, ['PROVENANCE_REFUSED', 'RESULT_WRONG_SUBJECT', 'RESULT_MISSING', 'RESULT_MISSING']]);
  });

  test('fails by evidence that another key signed', () => {
    const run = gate('model', '--evidence-key', 'other.pub', '--json');
    expect(run.code).toBe(2);
    expect(run.json()).toMatchObject({ code: 'INPUT_UNREADABLE' });
    bench.write('stranger.pem', new CliBench().key.privateKeyPem);
    attest('model', 'result', 'in/result.json', 'forged.json', 'stranger.pem');
    const forged = bench.run('model', 'gate', 'model', '--policy', 'policy.json', '--key', 'key.pub', '--provenance', 'provenance.json', '--result', 'forged.json', '--json');
    expect([forged.code, codes(forged)]).toEqual([1, ['RESULT_UNSIGNED', 'RESULT_MISSING', 'RESULT_MISSING']]);
  });

  test('fails an unsigned, a tampered and a dangerous model, and says nothing of evidence then', () => {
    bench.model('unsigned');
    expect(codes(gate('unsigned', '--json'))).toEqual(['SIGNATURE_MISSING']);
    bench.signed('tampered');
    bench.write('tampered/README.md', 'changed');
    const tampered = gate('tampered');
    expect(tampered.code).toBe(1);
    expect(tampered.out).toContain('SIGNATURE_REFUSED FILE_MISMATCH');
    expect(tampered.out).not.toContain('provenance');
    bench.model('dangerous');
    bench.write('dangerous/weights.pkl', Buffer.from('cposix\nsystem\n(S"id"\ntR.'));
    bench.run('model', 'sign', 'dangerous', '--key', 'key.pem');
    expect(codes(gate('dangerous', '--json'))).toContain('SCAN_NOT_SAFE');
  });

  test.each([
    [['--policy', 'policy.json'], 'say whom to trust'],
    [['--key', 'key.pub'], '--policy is missing'],
    [['--key', 'key.pub', '--policy', 'in/result.json'], 'policy "in/result.json": policy has the unknown field'],
    [['--key', 'key.pub', '--policy', 'policy.json', '--result', 'none.json'], 'evidence "none.json" does not exist'],
  ])('says what is wrong with %j', (args, message) => {
    const { code, err } = bench.run('model', 'gate', 'model', ...args);
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
  });
});

describe('model attest', () => {
  test('signs what Clarify and a monitor wrote', () => {
    bench.write('in/analysis.json', JSON.stringify({ post_training_bias_metrics: { facets: { sex: [{ value_or_threshold: '0', metrics: [{ name: 'DPPL', value: 0.02 }] }] } } }));
    bench.write('in/violations.json', JSON.stringify({ violations: [] }));
    for (const kind of ['clarify', 'violations']) {
      const from = kind === 'clarify' ? 'in/analysis.json' : 'in/violations.json';
      expect(bench.run('model', 'attest', 'model', `--${kind}`, from, '--suite', kind, '--tool', kind, '--tool-version', '1', '--key', 'key.pem', '--output', `${kind}.json`).code).toBe(0);
    }
    bench.write('bias.json', policy({ requirements: [{ metric: 'post_training_bias/DPPL', min: -0.1, max: 0.1, compare: 'value', groups: 'every' }, { metric: 'violations', max: 0 }] }));
    const { code, out } = bench.run(
      'model', 'gate', 'model', '--policy', 'bias.json', '--key', 'key.pub', '--provenance', 'provenance.json', '--result', 'clarify.json', '--result', 'violations.json',
    );
    expect([code, out]).toEqual([0, expect.stringContaining('post_training_bias/DPPL of sex=0')]);
  });

  test.each([
    [['--result', 'in/result.json', '--key', 'key.pem', '--output', 'model/holdout.json'], 'lies inside the model'],
    [['--result', 'policy.json', '--key', 'key.pem', '--output', 'x.json'], 'result "policy.json": result has the unknown field'],
    [['--provenance', 'policy.json', '--key', 'key.pem', '--output', 'x.json'], 'provenance "policy.json": provenance.buildDefinition is missing'],
    [['--result', 'in/result.json', '--key', 'key.pem', '--output', 'holdout.json'], 'exists already'],
    [['--key', 'key.pem', '--output', 'x.json'], 'say what to sign by one of'],
    [['--clarify', 'in/analysis.json', '--key', 'key.pem', '--output', 'x.json'], '--suite is missing'],
  ])('says what is wrong with %j', (args, message) => {
    const { code, err } = bench.run('model', 'attest', 'model', ...args);
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
  });
});
