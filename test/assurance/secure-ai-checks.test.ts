import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { App, CfnParameter, NestedStack, Stack, Stage, Validations } from 'aws-cdk-lib';
import { VALIDATION_REPORT_FILE } from 'aws-cdk-lib/cx-api';
import { CfnModel } from 'aws-cdk-lib/aws-sagemaker';
import { FindingSeverity, SecureAiChecks, type IOwnRule, type JudgedResource, type SecureAiChecksProps } from 'cdk-secure-ai/assurance';
import { afterAll, describe, expect, test } from 'vitest';
import { baselineText } from '../../lib/assurance/baseline-file';
import { judge } from '../../lib/assurance/rules/judge';
import { RULE_PACK } from '../../lib/assurance/rules/rule-pack';
import { TemplateModel } from '../../lib/assurance/template';
import { readAssembly } from '../../lib/assurance/template-source';

const ROLE = 'arn:aws:iam::111111111111:role/inference';

function model(scope: Stack, id: string, enableNetworkIsolation?: boolean): CfnModel {
  return new CfnModel(scope, id, { executionRoleArn: ROLE, enableNetworkIsolation });
}

interface Violation {
  readonly ruleName: string;
  readonly description: string;
  readonly severity?: string;
  readonly violatingConstructs: readonly { readonly constructPath: string }[];
}

/** Violations that the CDK reports for the plugin, and whether synthesis failed. */
function synthesise(app: App): { failed: boolean; violations: string[]; raw: readonly Violation[] } {
  let failed = false;
  const exitCode = process.exitCode;
  try {
    app.synth();
  } catch {
    failed = true;
  }
  failed ||= process.exitCode === 1;
  process.exitCode = exitCode;
  const file = path.join(app.outdir, VALIDATION_REPORT_FILE);
  const report = JSON.parse(fs.readFileSync(file, 'utf8')) as { pluginReports: { pluginName: string; violations: Violation[] }[] };
  const raw = report.pluginReports.filter(({ pluginName }) => pluginName === 'SecureAi').flatMap(({ violations }) => violations);
  return { failed, raw, violations: raw.map((v) => `${v.ruleName} ${v.violatingConstructs.map((c) => c.constructPath).join(',')}`).sort() };
}

test('fails synthesis of any app on a violated rule, and names construct, severity and remedy', () => {
  const app = new App();
  SecureAiChecks.addTo(app, { applyOnly: ['AISec-SM01'] });
  const stack = new Stack(app, 'Stack');
  model(stack, 'Open');
  model(stack, 'Isolated', true);
  const { failed, violations, raw } = synthesise(app);
  expect(failed).toBe(true);
  expect(violations).toEqual(['AISec-SM01 Stack/Open']);
  expect(raw[0]).toMatchObject({ severity: 'custom', customSeverity: 'critical', description: expect.stringContaining('EnableNetworkIsolation') as string });
});

test('passes an app in which nothing is open', () => {
  const app = new App();
  SecureAiChecks.addTo(app, { applyOnly: ['AISec-SM01'] });
  model(new Stack(app, 'Stack'), 'Isolated', true);
  expect(synthesise(app)).toMatchObject({ failed: false, violations: [] });
});

test('judges nested stacks and the stacks of stages', () => {
  const app = new App();
  SecureAiChecks.addTo(app, { applyOnly: ['AISec-SM01'] });
  model(new NestedStack(new Stack(app, 'Stack'), 'Nested'), 'Inner');
  model(new Stack(new Stage(app, 'Prod'), 'Staged'), 'Open');
  expect(synthesise(app).raw.map(({ ruleName }) => ruleName)).toEqual(['AISec-SM01', 'AISec-SM01']);
});

test('judges one stage alone when it is added there', () => {
  const app = new App();
  const [one, other] = ['One', 'Other'].map((id) => new Stage(app, id));
  SecureAiChecks.addTo(one, { applyOnly: ['AISec-SM01'] });
  model(new Stack(one, 'Stack'), 'Open');
  model(new Stack(other, 'Stack'), 'Open');
  expect(synthesise(app).violations).toEqual(['AISec-SM01 One/Stack/Open']);
});

test('a finding is acknowledged at its construct, or above, in the way of the CDK, and nowhere else', () => {
  const app = new App();
  SecureAiChecks.addTo(app, { applyOnly: ['AISec-SM01'] });
  const stack = new Stack(app, 'Stack');
  Validations.of(model(stack, 'Kept')).acknowledge({ id: 'SecureAi::AISec-SM01', reason: 'needs a licence server' });
  model(stack, 'Open');
  expect(synthesise(app).violations).toEqual(['AISec-SM01 Stack/Open']);
});

describe('what a template does not decide', () => {
  function undecided(allowUndetermined?: boolean): App {
    const app = new App();
    SecureAiChecks.addTo(app, { applyOnly: ['AISec-SM01'], allowUndetermined });
    const stack = new Stack(app, 'Stack');
    model(stack, 'Model').addPropertyOverride('EnableNetworkIsolation', { Ref: new CfnParameter(stack, 'Isolated').logicalId });
    return app;
  }

  test('is no pass', () => {
    const { failed, raw } = synthesise(undecided());
    expect(failed).toBe(true);
    expect(raw[0].description).toContain('undetermined');
  });

  test('passes where that was chosen', () => {
    expect(synthesise(undecided(true))).toMatchObject({ failed: false, violations: [] });
  });
});

describe('selection', () => {
  test('leaves out rules below a severity, and rules by id', () => {
    for (const props of [{ minimumSeverity: FindingSeverity.CRITICAL, leaveOut: ['AISec-SM01'] }, { leaveOut: ['ModelNetworkIsolation'] }]) {
      expect(SecureAiChecks.addTo(new App(), props).ruleIds).not.toContain('AISec-SM01');
    }
    expect(SecureAiChecks.addTo(new App(), { minimumSeverity: FindingSeverity.CRITICAL }).ruleIds).toContain('AISec-SM01');
  });

  test('refuses ids that do not exist, and an empty list', () => {
    expect(() => SecureAiChecks.addTo(new App(), { applyOnly: ['AISec-XX99'] })).toThrow('there is no rule "AISec-XX99"');
    expect(() => SecureAiChecks.addTo(new App(), { applyOnly: [] })).toThrow('applyOnly is empty');
  });
});

describe('own rules', () => {
  const named: IOwnRule = {
    id: 'Acme-ML1',
    title: 'models carry a name of the team',
    severity: FindingSeverity.MEDIUM,
    resourceTypes: ['AWS::SageMaker::Model'],
    check: (resource: JudgedResource) => (resource.text('ModelName')?.startsWith('acme-') ? undefined : `the name is ${resource.text('ModelName') ?? 'not set'}`),
  };

  test('run beside those of the library', () => {
    const app = new App();
    SecureAiChecks.addTo(app, { applyOnly: ['Acme-ML1'], ownRules: [named] });
    const stack = new Stack(app, 'Stack');
    model(stack, 'Good').modelName = 'acme-fraud';
    model(stack, 'Bad').modelName = 'fraud';
    expect(synthesise(app).violations).toEqual(['Acme-ML1 Stack/Bad']);
  });

  test('are undetermined when they asked for a value that only the deployment knows', () => {
    const app = new App();
    SecureAiChecks.addTo(app, { applyOnly: ['Acme-ML1'], ownRules: [named] });
    const stack = new Stack(app, 'Stack');
    model(stack, 'Model').modelName = new CfnParameter(stack, 'Name').valueAsString;
    expect(synthesise(app).raw.map(({ description }) => description)).toEqual([expect.stringContaining('undetermined')]);
  });

  test('need an id of their own', () => {
    const ownRules = [{ ...named, id: 'AISec-SM01' }];
    expect(() => SecureAiChecks.addTo(new App(), { ownRules })).toThrow('rule id "AISec-SM01" is taken');
  });
});

describe('with a baseline', () => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'secure-ai-baseline-'));
  const baselineFile = path.join(directory, 'baseline.json');
  afterAll(() => fs.rmSync(directory, { recursive: true, force: true }));

  function appWith(models: readonly string[], props: SecureAiChecksProps): App {
    const app = new App();
    SecureAiChecks.addTo(app, { applyOnly: ['AISec-SM01'], ...props });
    const stack = new Stack(app, 'Stack');
    for (const id of models) model(stack, id);
    return app;
  }

  test('known findings are not reported, and a new one fails', () => {
    const before = appWith(['Old'], {});
    expect(synthesise(before)).toMatchObject({ failed: true, violations: ['AISec-SM01 Stack/Old'] });
    fs.writeFileSync(baselineFile, baselineText(judge(TemplateModel.of(readAssembly(before.outdir)), RULE_PACK).findings));
    expect(synthesise(appWith(['Old'], { baselineFile }))).toMatchObject({ failed: false, violations: [] });
    expect(synthesise(appWith(['Old', 'New'], { baselineFile }))).toMatchObject({ failed: true, violations: ['AISec-SM01 Stack/New'] });
  });

  test.each([
    ['is missing', undefined, /baseline ".*missing\.json" does not exist in .*--write-baseline FILE/],
    ['is no JSON', '{', /baseline ".*" is no JSON/],
    ['has another form', '{"findings": []}', /has not the form cdk-secure-ai\/baseline\/v1/],
    ['lacks a fingerprint', '{"schema": "cdk-secure-ai/baseline/v1", "findings": [{"__proto__": 1}]}', /no fingerprint in its finding 1/],
  ])('a file that %s ends synthesis with what to do', (_, content, message) => {
    const file = path.join(directory, 'missing.json');
    if (content !== undefined) fs.writeFileSync(file, content);
    expect(() => appWith([], { baselineFile: file })).toThrow(message);
    fs.rmSync(file, { force: true });
  });
});
