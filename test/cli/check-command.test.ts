import * as fs from 'node:fs';
import { App, Stack, Validations } from 'aws-cdk-lib';
import { CfnModel } from 'aws-cdk-lib/aws-sagemaker';
import { afterAll, describe, expect, test } from 'vitest';
import { CliBench } from './cli-run';

const bench = new CliBench();
afterAll(() => bench.remove());

const ROLE = 'arn:aws:iam::111111111111:role/inference';
const ISOLATION = ['--rule', 'AISec-SM01'];
const model = (properties: object) => ({ Type: 'AWS::SageMaker::Model', Properties: { ExecutionRoleArn: ROLE, ...properties } });

function write(name: string, content: unknown): string {
  bench.write(name, typeof content === 'string' ? content : JSON.stringify(content));
  return bench.path(name);
}

function template(name: string, resources: object, parameters?: object): string {
  return write(name, { Resources: resources, ...(parameters && { Parameters: parameters }) });
}

interface Document {
  readonly findings: readonly Readonly<Record<string, unknown>>[];
  readonly known: readonly unknown[];
  readonly acknowledged: readonly Readonly<Record<string, unknown>>[];
}

const open = template('open.template.json', { Open: model({}), Isolated: model({ EnableNetworkIsolation: true }) });

describe('check', () => {
  test('ends with 1 and names rule, resource, property and advice where something is violated', () => {
    const { code, out } = bench.run('check', open, ...ISOLATION);
    expect(code).toBe(1);
    expect(out).toContain('CRITICAL  AISec-SM01  The container of a SageMaker model has no network of its own');
    expect(out).toMatch(/open\/Open +EnableNetworkIsolation +the container may open connections/);
    expect(out).not.toContain('open/Isolated');
    expect(out).toContain('✘ 1 CRITICAL: 2 resources, 1 rules of which 1 had something to judge');
    expect(out).toContain('secure-ai explain AISec-SM01');
  });

  test('ends with 0 where nothing is', () => {
    const file = template('good.template.json', { Isolated: model({ EnableNetworkIsolation: true }) });
    const { code, out } = bench.run('check', file, ...ISOLATION);
    expect(code).toBe(0);
    expect(out).toContain('✔ nothing is open');
  });

  test('gives each finding its fields as JSON', () => {
    const { code, out } = bench.run('check', open, ...ISOLATION, '--json');
    expect(code).toBe(1);
    expect((JSON.parse(out) as Document).findings).toEqual([
      expect.objectContaining({
        ruleId: 'AISec-SM01', severity: 'CRITICAL', verdict: 'VIOLATED', resource: 'open/Open', path: 'EnableNetworkIsolation', controls: ['RT1', 'RT3'],
      }),
    ]);
  });

  test('does not pass what a template leaves open, unless that is allowed', () => {
    const file = template('undecided.template.json', { Model: model({ EnableNetworkIsolation: { Ref: 'Isolated' } }) }, { Isolated: { Type: 'String' } });
    const { code, out } = bench.run('check', file, ...ISOLATION);
    expect(code).toBe(1);
    expect(out).toContain('1 undetermined');
    expect(bench.run('check', file, ...ISOLATION, '--allow-undetermined').code).toBe(0);
  });

  test('below the severity asked for nothing counts, and a rule can be left out', () => {
    expect(bench.run('check', open, ...ISOLATION, '--severity', 'critical').code).toBe(1);
    expect(bench.run('check', open, '--rule', 'AISec-SM01', '--skip', 'SM01').code).toBe(0);
  });

  test('an existing app adopts a baseline: old findings pass, a new one fails', () => {
    const baseline = bench.path('baseline.json');
    expect(bench.run('check', open, ...ISOLATION, '--write-baseline', baseline).code).toBe(0);
    expect(bench.run('check', open, ...ISOLATION, '--baseline', baseline)).toMatchObject({ code: 0, out: expect.stringContaining('1 known from before') as string });
    template('open.template.json', { Open: model({}), Second: model({}) });
    const { code, out } = bench.run('check', open, ...ISOLATION, '--baseline', baseline, '--json');
    expect(code).toBe(1);
    const { findings, known } = JSON.parse(out) as Document;
    expect(findings.map(({ resource }) => resource)).toEqual(['open/Second']);
    expect(known).toHaveLength(1);
  });

  test('a difference fails on what the newer one adds, not on what was there', () => {
    const directories = ['old', 'new'].map((name) => bench.path(name));
    template('old/app.template.json', { Open: model({}) });
    template('new/app.template.json', { Open: model({}) });
    expect(bench.run('check', '--diff', ...directories, ...ISOLATION).code).toBe(0);
    template('new/app.template.json', { Open: model({}), Added: model({}) });
    const { code, out } = bench.run('check', '--diff', ...directories, ...ISOLATION);
    expect(code).toBe(1);
    expect(out).toContain('app/Added');
    expect(out).not.toContain('app/Open');
  });

  test('of an assembly, tells the line of code, and keeps apart what the app acknowledges', () => {
    const app = new App({ outdir: bench.path('cdk.out') });
    const stack = new Stack(app, 'Stack');
    new CfnModel(stack, 'Open', { executionRoleArn: ROLE });
    Validations.of(new CfnModel(stack, 'Kept', { executionRoleArn: ROLE })).acknowledge({ id: 'SecureAi::AISec-SM01', reason: 'licence server' });
    app.synth();
    const { code, out } = bench.run('check', app.outdir, ...ISOLATION, '--json');
    expect(code).toBe(1);
    const { findings, acknowledged } = JSON.parse(out) as Document;
    expect(findings).toEqual([expect.objectContaining({ constructPath: 'Stack/Open' })]);
    expect(findings[0].location).toMatch(/check-command\.test\.ts:\d+:\d+$/);
    expect(acknowledged).toEqual([expect.objectContaining({ constructPath: 'Stack/Kept', reason: 'licence server' })]);
  });

  test('writes SARIF and JUnit to a file', () => {
    const file = bench.path('out.sarif');
    expect(bench.run('check', open, ...ISOLATION, '--format', 'sarif', '--output', file)).toMatchObject({ code: 1, out: '' });
    const sarif = JSON.parse(fs.readFileSync(file, 'utf8')) as { runs: { results: { ruleId: string }[]; tool: { driver: { rules: { id: string }[] } } }[] };
    expect(sarif.runs[0].results.map(({ ruleId }) => ruleId)).toContain('AISec-SM01');
    expect(bench.run('check', open, ...ISOLATION, '--format', 'junit').out).toContain('<testcase classname="AISec-SM01"');
  });

  test.each([
    ['no template', 'text.template.json', '"text"', 'text.template.json'],
    ['no JSON', 'broken.template.json', '{', 'is no JSON'],
    ['a resource without type', 'untyped.template.json', { Resources: { A: {} } }, "resource 'A'"],
    ['a baseline of another form', 'baseline.template.json', { Resources: {} }, 'has not the form'],
  ])('says what is wrong with %s, without a stack trace', (_, name, content, message) => {
    const file = write(name, content);
    const args = name.startsWith('baseline') ? [open, '--baseline', file] : [file];
    const { code, err } = bench.run('check', ...args);
    expect(code).toBe(2);
    expect(err).toContain(message);
    expect(err).not.toContain('    at ');
  });
});

describe('explain', () => {
  test('tells attack, remedy, example and source, by id in any case or by name', () => {
    for (const name of ['AISec-SM01', 'sm01', 'ModelNetworkIsolation']) {
      const { code, out } = bench.run('explain', name);
      expect(code).toBe(0);
      expect(out).toContain('AISec-SM01  ModelNetworkIsolation  CRITICAL');
      for (const part of ['Attack', 'Remedy', 'Example', 'Controls', 'https://docs.aws.amazon.com/']) expect(out).toContain(part);
    }
  });

  test('tells what a control asks for, which rules check it, and what it supports, by id in any case', () => {
    const { code, out } = bench.run('explain', 'rt1');
    expect(code).toBe(0);
    expect(out).toMatch(/^RT1 {2}Network segmentation {2}runtime\nSeparate training, staging and production networks\.\n/);
    expect(out).toMatch(/^ {2}AISec-SM01 +CRITICAL +The container of a SageMaker model/m);
    expect(out).toMatch(/^ {2}NIST SP 800-53 r5 +[A-Z]{2}-\d\d/m);
  });

  test('marks what was not compared with the framework, also in JSON', () => {
    expect(bench.run('explain', 'P1').out).toMatch(/^ {2}GDPR +Art\. 25†, Art\. 32†$/m);
    expect(bench.run('explain', 'P1').out).toMatch(/^ {2}NIST AI RMF 1\.0 +GOVERN 2\.1, MAP 4\.2$/m);
    const { rules, controls } = JSON.parse(bench.run('explain', 'P1', '--json').out) as { rules: object[]; controls: { id: string; mappings: object[] }[] };
    expect(rules).toEqual([]);
    expect(controls).toEqual([expect.objectContaining({ id: 'P1', title: 'Least privilege' })]);
    expect(controls[0].mappings).toContainEqual({ framework: 'GDPR', id: 'Art. 25', verified: false });
    expect(controls[0].mappings).toContainEqual({ framework: 'NIST AI RMF 1.0', id: 'MAP 4.2', verified: true });
  });

  test('lists every rule and every control', () => {
    const { out } = bench.run('explain', '--list');
    expect(out).toMatch(/^AISec-SM01 +CRITICAL +The container/m);
    expect(out).toMatch(/^ML4a +lifecycle +Poisoning/m);
    const { rules, controls } = JSON.parse(bench.run('explain', '--list', '--json').out) as { rules: object[]; controls: object[] };
    expect(rules.length).toBeGreaterThan(0);
    expect(controls.length).toBeGreaterThan(50);
  });
});
