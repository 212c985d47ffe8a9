import { judge } from '../../../lib/assurance/rules/judge';
import { RULE_PACK } from '../../../lib/assurance/rules/rule-pack';
import { TemplateModel } from '../../../lib/assurance/template';
import { describe, expect, test } from 'vitest';
import { ALL_FIXTURES } from './all-fixtures';
import { templateOf, type Fixture } from './rule-fixture';


function verdicts(ruleId: string, fixture: Fixture): { violated: string[]; undetermined: string[]; compliant: number } {
  const rule = RULE_PACK.find(({ id }) => id === ruleId);
  if (!rule) throw new Error(`no rule ${ruleId} in the pack`);
  const { findings, tallies } = judge(TemplateModel.of([{ stackName: 'S', template: templateOf(fixture) }]), [rule]);
  const at = (verdict: string) => [...new Set(findings.filter((f) => f.verdict === verdict).map((f) => f.resource.slice(2)))].sort();
  return { violated: at('VIOLATED'), undetermined: at('UNDETERMINED'), compliant: tallies[0].compliant };
}

test('every rule has fixtures, each once, and every fixture a rule', () => {
  expect(ALL_FIXTURES.map(({ rule }) => rule).sort()).toEqual(RULE_PACK.map(({ id }) => id).sort());
});

test('ids and names are unique, and every text is there', () => {
  for (const key of ['id', 'name', 'title'] as const) expect(new Set(RULE_PACK.map((rule) => rule[key])).size, key).toBe(RULE_PACK.length);
  for (const rule of RULE_PACK) {
    expect(rule.id).toMatch(/^AISec-[A-Z]{2,3}\d{2}[a-z]?$/);
    for (const key of ['title', 'why', 'remedy', 'example'] as const) expect(rule[key].length, `${rule.id} ${key}`).toBeGreaterThan(15);
    expect(rule.source, rule.id).toMatch(/^https:\/\//);
    expect(rule.types.length, rule.id).toBeGreaterThan(0);
    expect(rule.controls.length, rule.id).toBeGreaterThan(0);
  }
});

describe.each(ALL_FIXTURES)('$rule', ({ rule, compliant, violating, undetermined }) => {
  test('has enough fixtures', () => {
    expect(compliant.length).toBeGreaterThanOrEqual(1);
    expect(violating.length).toBeGreaterThanOrEqual(2);
    expect(undetermined.length).toBeGreaterThanOrEqual(1);
  });
  test.each(compliant)('passes: $name', (fixture) => {
    const found = verdicts(rule, fixture);
    expect(found).toMatchObject({ violated: [], undetermined: [] });
    expect(found.compliant, 'the rule must have judged something').toBeGreaterThan(0);
  });
  test.each(violating)('is violated: $name', (fixture) => {
    const { violated } = verdicts(rule, fixture);
    if (fixture.at) expect(violated).toEqual([...fixture.at].sort());
    else expect(violated.length).toBeGreaterThan(0);
  });
  test.each(undetermined)('is undetermined: $name', (fixture) => {
    const found = verdicts(rule, fixture);
    expect(found.violated).toEqual([]);
    if (fixture.at) expect(found.undetermined).toEqual([...fixture.at].sort());
    else expect(found.undetermined.length).toBeGreaterThan(0);
  });
});
