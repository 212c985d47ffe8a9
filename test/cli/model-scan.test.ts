import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { runCli } from '../../lib/cli/main';
import { terminalOf } from '../../lib/cli/terminal';
import { EVIL_PICKLE, PickleAssembler, PLAIN_PICKLE } from '../models/scanning/fixtures/pickle-assembler';
import { CliBench, ROOT } from './cli-run';

const bench = new CliBench();
afterAll(() => bench.remove());

const SKLEARN = path.join(ROOT, 'test/models/scanning/fixtures/real/sklearn-pipeline.joblib');

describe('a safe model', () => {
  test('ends with 0, one line for each file', () => {
    const { code, out, err } = bench.run('model', 'scan', bench.model('safe'));
    expect({ code, out, err }).toEqual({
      code: 0, err: '', out: 'SAFE  README.md           text\nSAFE  config/labels.json  json\nSAFE  model.onnx          onnx\n\n✔ safe: 3 SAFE\n',
    });
  });
  test('has a stable document', () => {
    const { json } = bench.run('model', 'scan', bench.model('safe'), '--json');
    expect(json()).toEqual({
      schema: 'cdk-secure-ai/model-scan/v1', path: 'safe', verdict: 'SAFE',
      counts: { SAFE: 3, SUSPICIOUS: 0, UNSCANNABLE: 0, DANGEROUS: 0 },
      files: [
        { path: 'README.md', size: 10, formats: ['TEXT'], verdict: 'SAFE', reasons: [] },
        { path: 'config/labels.json', size: 24, formats: ['JSON'], verdict: 'SAFE', reasons: [] },
        { path: 'model.onnx', size: 32142, formats: ['ONNX'], verdict: 'SAFE', reasons: [] },
      ],
      leftOut: [],
    });
  });
  test('stays safe when it is signed, and not when its signature is something else', () => {
    const model = bench.signed('signed');
    expect(bench.run('model', 'scan', model)).toMatchObject({ code: 0, out: expect.stringContaining('model.sig           model_signature') });
    bench.write(`${model}/model.sig`, EVIL_PICKLE);
    expect(bench.run('model', 'scan', model, '--json').json()).toMatchObject({ verdict: 'DANGEROUS' });
    // Only where verification reads it: anywhere else a signature is no known part of a model.
    fs.rmSync(bench.path(`${model}/model.sig`));
    expect(bench.run('model', 'sign', model, '--key', 'key.pem', '--bundle', `${model}/config/model.sig`).code).toBe(0);
    expect(bench.run('model', 'scan', model).code).toBe(1);
  });
  test('may be a single file', () => {
    bench.write('plain.pkl', PLAIN_PICKLE);
    expect(bench.run('model', 'scan', 'plain.pkl')).toMatchObject({ code: 0, out: 'SAFE  plain.pkl  pickle\n\n✔ plain.pkl: 1 SAFE\n' });
  });
});

describe('a model that is not safe', () => {
  test('ends with 1: a pickle that calls os.system', () => {
    bench.write('evil/weights.pkl', EVIL_PICKLE);
    bench.write('evil/README.md', 'harmless');
    const { code, out } = bench.run('model', 'scan', 'evil');
    expect(code).toBe(1);
    expect(out).toMatch(/^DANGEROUS {2}weights\.pkl {2}PICKLE_DENIED_GLOBAL os system/m);
    expect(out).toContain('✘ evil: 1 SAFE, 1 DANGEROUS');
    expect(bench.run('model', 'scan', 'evil/weights.pkl').code).toBe(1);
  });
  test('says each reason with its place', () => {
    const { files } = bench.run('model', 'scan', 'evil', '--json').json() as { files: { reasons: unknown[] }[] };
    expect(files[1].reasons[0]).toEqual({ code: 'PICKLE_DENIED_GLOBAL', verdict: 'DANGEROUS', path: 'weights.pkl', offset: expect.any(Number), found: 'os system' });
  });
  test('is one with a link, which is not followed', () => {
    bench.write('outside/evil.pkl', EVIL_PICKLE);
    const model = bench.model('linked');
    fs.symlinkSync(bench.path('outside'), bench.path(`${model}/data`));
    fs.symlinkSync('model.onnx', bench.path(`${model}/again.onnx`));
    const { code, json } = bench.run('model', 'scan', model, '--json');
    expect(code).toBe(1);
    expect(json()).toMatchObject({ verdict: 'UNSCANNABLE', counts: { SAFE: 3, UNSCANNABLE: 2, DANGEROUS: 0 } });
    expect(json().files).toContainEqual({
      path: 'data', size: 0, formats: [], verdict: 'UNSCANNABLE',
      reasons: [{ code: 'FORMAT_UNKNOWN', verdict: 'UNSCANNABLE', path: 'data', offset: 0, found: 'symbolic link, not followed' }],
    });
  });
  test('is one with a pipe, which is not waited for', () => {
    const model = bench.model('piped');
    expect(spawnSync('mkfifo', [bench.path(`${model}/pipe`)]).status).toBe(0);
    expect(bench.run('model', 'scan', model)).toMatchObject({ code: 1, out: expect.stringContaining('no regular file') });
  });
  test('is an empty directory: nothing scanned proves nothing', () => {
    fs.mkdirSync(bench.path('empty'));
    expect(bench.run('model', 'scan', 'empty')).toMatchObject({ code: 1, out: '✘ empty: no file to scan\n' });
  });
  test('does not act on the terminal by its names', () => {
    bench.write('names/a\u001b[31m\nSAFE b.pkl', EVIL_PICKLE);
    const { out } = bench.run('model', 'scan', 'names');
    expect(out).toContain('a\\u001b[31m\\u000aSAFE b.pkl');
    expect(out).not.toContain('\u001b');
  });
});

test('version control files are named and not looked at, at the top only', () => {
  const model = bench.model('versioned');
  bench.write(`${model}/.git/objects/pack`, EVIL_PICKLE);
  expect(bench.run('model', 'scan', model)).toMatchObject({ code: 0, out: expect.stringContaining('not looked at, as no part of a model: .git') });
  expect(bench.run('model', 'scan', model, '--json').json()).toMatchObject({ leftOut: ['.git'] });
  bench.write(`${model}/config/.git/objects/pack`, EVIL_PICKLE);
  expect(bench.run('model', 'scan', model).code).toBe(1);
});

describe('what the user accepts besides', () => {
  bench.write('pipeline.joblib', fs.readFileSync(SKLEARN));
  bench.write('own.pkl', new PickleAssembler().proto(4).stackGlobal('acme.layers', 'Dense').raw(')R').stop());

  test('is a profile of pickle imports', () => {
    expect(bench.run('model', 'scan', 'pipeline.joblib').code).toBe(1);
    expect(bench.run('model', 'scan', 'pipeline.joblib', '--pickle-profile', 'SKLEARN').code).toBe(0);
  });
  test('is a pickle import, exact', () => {
    expect(bench.run('model', 'scan', 'own.pkl').code).toBe(1);
    expect(bench.run('model', 'scan', 'own.pkl', '--pickle-global', 'acme.layers Dens').code).toBe(1);
    expect(bench.run('model', 'scan', 'own.pkl', '--pickle-global', 'acme.layers Dense').code).toBe(0);
  });
  test.each([
    [['--pickle-profile', 'ALL'], '--pickle-profile is "ALL"; give one of DATA, NUMPY, TORCH, SKLEARN'],
    [['--pickle-global', 'acme.*'], '--pickle-global is "acme.*"; give module and name'],
    [['--chat-template', 'abc'], '--chat-template is "abc"; give the SHA-256'],
  ])('must be well-formed: %j', (args, message) => {
    expect(bench.run('model', 'scan', 'own.pkl', ...args)).toMatchObject({ code: 2, err: expect.stringContaining(message) });
  });
});

describe('on a terminal', () => {
  /** Runs the command in this process, with streams that say they are a terminal. */
  const onTerminal = async (columns: number, environment: Record<string, string> = {}) => {
    let out = '';
    const stdout = { write: (text: string) => (out += text), isTTY: true, columns };
    const terminal = terminalOf(stdout, { write: () => undefined }, { TERM: 'xterm', ...environment });
    const code = await runCli(['model', 'scan', bench.path('wide')], { terminal, version: '0', now: new Date(), environment: {} });
    return { code, out };
  };
  const colour = new RegExp('\u001b\\[[0-9;]*m', 'g');
  bench.write(`wide/${'long-name-'.repeat(12)}.pkl`, EVIL_PICKLE);
  bench.write('wide/b.txt', 'text');

  test.each([40, 60, 80, 160])('a table fits %i columns, one line for each file', async (columns) => {
    const { code, out } = await onTerminal(columns);
    const lines = out.replace(colour, '').split('\n').slice(0, 2);
    expect(code).toBe(1);
    expect(lines.map((line) => line.slice(0, 9).trim())).toEqual(['SAFE', 'DANGEROUS']);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
    expect(lines[1]).toContain('PICKLE');
  });
  test('it has colour, unless NO_COLOR says no; elsewhere never', async () => {
    expect((await onTerminal(80)).out).toMatch(colour);
    expect((await onTerminal(80, { NO_COLOR: '1' })).out).not.toMatch(colour);
    expect((await onTerminal(80, { TERM: 'dumb' })).out).not.toMatch(colour);
    expect(bench.runWith({ env: { CI: 'true', FORCE_COLOR: '1' } }, 'model', 'scan', 'wide').out).not.toMatch(colour);
  });
});
