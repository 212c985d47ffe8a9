import { judge } from '../../../lib/assurance/rules/judge';
import { COMPLIANT, violated } from '../../../lib/assurance/rules/judgement';
import type { Rule } from '../../../lib/assurance/rules/rule';
import { RULE_PACK } from '../../../lib/assurance/rules/rule-pack';
import { TemplateModel, type TemplateInput } from '../../../lib/assurance/template';
import { describe, expect, test } from 'vitest';

const BUCKET = { Type: 'AWS::S3::Bucket' };
const MODEL = { Type: 'AWS::SageMaker::Model', Properties: { ExecutionRoleArn: 'arn:aws:iam::111111111111:role/worker' } };

function stack(stackName: string, resources: object, more: object = {}): TemplateInput {
  return { stackName, template: { Resources: resources, ...more } };
}

function ruleOf(scope: Rule['scope'], check: Rule['check']): Rule {
  const [any] = RULE_PACK;
  return { ...any, id: 'Acme-1', types: ['AWS::S3::Bucket', 'AWS::SageMaker::Model'], scope, check };
}

function found(rule: Rule, ...inputs: TemplateInput[]): { at: string[]; applied: number; fingerprints: string[] } {
  const { findings, tallies } = judge(TemplateModel.of(inputs), [rule]);
  return { at: findings.map(({ resource }) => resource), applied: tallies[0].applied, fingerprints: findings.map(({ fingerprint }) => fingerprint) };
}

const models: Rule['check'] = ({ resource }) => (resource.type === 'AWS::SageMaker::Model' ? violated('a model', 'Path') : undefined);

describe('what a rule judges', () => {
  const one = stack('One', { Data: BUCKET, First: MODEL, Second: MODEL });
  const two = stack('Two', { Data: BUCKET, Third: MODEL });

  test.each<[NonNullable<Rule['scope']>, string[]]>([
    ['EACH', ['One/First', 'One/Second', 'Two/Third']],
    ['STACK', ['One/First', 'Two/Third']],
    ['APP', ['One/First']],
  ])('is %s: a resource of which it says nothing does not end it', (scope, at) => {
    expect(found(ruleOf(scope, models), one, two)).toMatchObject({ at, applied: at.length });
  });

  test('of a whole ends with a pass as well', () => {
    expect(found(ruleOf('APP', ({ resource }) => (resource.logicalId === 'Data' ? COMPLIANT : violated('late'))), one)).toMatchObject({ at: [], applied: 1 });
  });
});

describe('a baseline keeps its findings', () => {
  const before = stack('One', { First: MODEL });
  const after = stack('One', { Earlier: MODEL, First: MODEL });

  test.each(['STACK', 'APP'] as const)('of the %s when another resource comes first', (scope) => {
    const rule = ruleOf(scope, models);
    expect(found(rule, after).at).toEqual(['One/Earlier']);
    expect(found(rule, after).fingerprints).toEqual(found(rule, before).fingerprints);
    expect(found(rule, stack('Two', { First: MODEL })).fingerprints).not.toEqual(found(rule, before).fingerprints);
  });

  test('of each resource only for that resource', () => {
    const rule = ruleOf('EACH', models);
    expect(found(rule, after).fingerprints).toHaveLength(2);
    expect(found(rule, after).fingerprints).toContain(found(rule, before).fingerprints[0]);
    expect(new Set(found(rule, after).fingerprints).size).toBe(2);
  });

  test.each(['AISec-SE09', 'AISec-BR06', 'AISec-BR09', 'AISec-SM37', 'AISec-LOG02'])('of %s', (id) => {
    const rule = RULE_PACK.find((one) => one.id === id);
    if (rule === undefined) throw new Error(`no rule ${id}`);
    const guardrail = { Type: 'AWS::Bedrock::Guardrail', Properties: {} };
    const agent = { Type: 'AWS::Bedrock::Agent', Properties: { AgentName: 'a' } };
    const shown = { Parameters: { HubToken: { Type: 'String' } } };
    const was = found(rule, stack('One', { Role: { Type: 'AWS::IAM::Role' }, Model: MODEL, Guardrail: guardrail, Agent: agent }, shown));
    const is = found(rule, stack('One', { Zero: { ...agent, Properties: { AgentName: 'b' } }, Card: { ...MODEL }, Model: MODEL, Guardrail: guardrail, Agent: agent }, shown));
    expect(was.fingerprints.length).toBeGreaterThan(0);
    expect(is.fingerprints).toEqual(was.fingerprints);
  });
});
