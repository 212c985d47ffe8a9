import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { CfnInclude } from 'aws-cdk-lib/cloudformation-include';
import { VALIDATION_REPORT_FILE } from 'aws-cdk-lib/cx-api';
import { judge } from '../../../lib/assurance/rules/judge';
import { RULE_PACK } from '../../../lib/assurance/rules/rule-pack';
import { TemplateModel } from '../../../lib/assurance/template';
import { readAssembly } from '../../../lib/assurance/template-source';
import { afterAll, describe, expect, test } from 'vitest';
import { ALL_FIXTURES } from './all-fixtures';
import { templateOf, type Fixture, type RuleFixture } from './rule-fixture';

const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'rules-'));
afterAll(() => fs.rmSync(directory, { recursive: true }));

/** Rules of the CDK's validation that speak of names, types and values of properties. */
const SCHEMA_RULES = /^(F3002|F3003|F3012|F3014|E3\w+|W3030|F\d+)$/;

interface Report {
  readonly pluginReports: readonly {
    readonly violations: readonly {
      readonly ruleName: string;
      readonly description: string;
      readonly violatingConstructs: readonly { readonly constructPath: string }[];
    }[];
  }[];
}

function synthesise({ rule, compliant, violating, undetermined }: RuleFixture): { outdir: string; report: Report } {
  const outdir = path.join(directory, rule);
  const app = new App({ outdir });
  const groups: readonly [string, readonly Fixture[]][] = [['C', compliant], ['V', violating], ['U', undetermined]];
  for (const [group, list] of groups) {
    list.forEach((fixture, i) => {
      const templateFile = path.join(directory, `${rule}-${group}${i}.json`);
      fs.writeFileSync(templateFile, JSON.stringify(templateOf(fixture)));
      new CfnInclude(new Stack(app, `${group}${i}`, { env: { account: '111111111111', region: 'eu-central-1' } }), 'Included', { templateFile });
    });
  }
  app.synth();
  const file = path.join(outdir, VALIDATION_REPORT_FILE);
  return { outdir, report: fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, 'utf8')) as Report) : { pluginReports: [] } };
}

describe.each(ALL_FIXTURES)('$rule through included CloudFormation', (fixture) => {
  test('gives the same verdicts, and its templates use properties and values that exist', () => {
    const { outdir, report } = synthesise(fixture);
    const rule = RULE_PACK.find(({ id }) => id === fixture.rule);
    for (const input of readAssembly(outdir)) {
      const { findings, tallies } = judge(TemplateModel.of([input]), rule ? [rule] : []);
      const said = new Set(findings.map(({ verdict }) => verdict));
      const group = input.stackName[0];
      if (group === 'C') expect([...said, tallies[0].compliant > 0], input.stackName).toEqual([true]);
      if (group === 'V') expect(said, input.stackName).toContain('VIOLATED');
      if (group === 'U') expect([...said], input.stackName).toEqual(['UNDETERMINED']);
    }
    const wrong = report.pluginReports
      .flatMap(({ violations }) => violations)
      .filter(({ ruleName }) => SCHEMA_RULES.test(ruleName))
      .map(({ ruleName, description, violatingConstructs }) => `${violatingConstructs[0]?.constructPath} ${ruleName}: ${description}`);
    expect(wrong).toEqual([]);
  });
});
