import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { SecurityPosture, WeakerChoice } from 'cdk-secure-ai/posture';
import { TrainingGuard } from 'cdk-secure-ai/training';
import { describe, expect, test } from 'vitest';
import { POLICY_LIMITS, policyPages } from '../../lib/training/guard/policy-pages';
import { unknownIamNames } from '../support/iam';
import type { Template as PlainTemplate } from '../support/iam';
import { OWN } from './guard/guarded-account';

const because = WeakerChoice.of({ reason: 'test', owner: 'platform', expires: '2027-03-31' });
const stackWith = (actions: string[] = []): Stack => {
  const stack = new Stack(new App(), 'Stack', { env: { account: '111111111111', region: 'eu-central-1' } });
  SecurityPosture.attach(stack, { evaluationDate: '2026-11-24', ...(actions.length > 0 ? { training: { unisolatedActions: actions, because } } : {}) });
  return stack;
};

describe('the forms of the guard', () => {
  test.each([['in general', {}], ['for one account', OWN]])('%s: each is short enough for what AWS takes', (_, props) => {
    const stack = stackWith();
    const organisation = TrainingGuard.organizationPolicies(stack, props).map((document) => JSON.stringify(stack.resolve(document)));
    TrainingGuard.managedPolicies(stack, 'Guard', props);
    TrainingGuard.boundary(stack, 'People', props);
    const managed = Object.values(Template.fromStack(stack).findResources('AWS::IAM::ManagedPolicy')) as { Properties: { PolicyDocument: object } }[];
    expect(organisation.length).toBeLessThanOrEqual(3);
    for (const text of organisation) expect(text.length).toBeLessThanOrEqual(5120);
    for (const { Properties } of managed) expect(JSON.stringify(Properties.PolicyDocument).length).toBeLessThanOrEqual(6144);
  });

  test('are valid as organisation policies: they name no principal, and statements with ids of letters and digits', () => {
    const stack = stackWith();
    const documents = TrainingGuard.organizationPolicies(stack, OWN).map((document) => stack.resolve(document) as { Statement: Record<string, unknown>[] });
    const statements = documents.flatMap(({ Statement }) => Statement);
    for (const statement of statements) {
      expect(Object.keys(statement)).not.toContain('Principal');
      expect(statement.Effect).toBe('Deny');
      expect(statement.Sid).toMatch(/^[A-Za-z0-9]+$/);
    }
    expect(new Set(statements.map(({ Sid }) => Sid)).size).toBe(statements.length);
  });

  test('hold only names that exist, also for what the posture names', async () => {
    const stack = stackWith(['CreateNotebookInstance', 'CreatePresignedDomainUrl', 'CreateMonitoringSchedule']);
    TrainingGuard.managedPolicies(stack, 'Guard', OWN);
    TrainingGuard.boundary(stack, 'People');
    expect(await unknownIamNames(Template.fromStack(stack).toJSON() as PlainTemplate)).toEqual([]);
  });
});

test('fails for an action that the guard does not deny', () => {
  expect(() => TrainingGuard.managedPolicies(stackWith(['CreateEndpoint']), 'Guard')).toThrow("names 'CreateEndpoint', which the training guard does not deny: name one of Create");
});

test('a boundary that does not fit one policy is refused, with what to do', () => {
  const subnetIds = Array.from({ length: 60 }, (_, index) => `subnet-0a1b2c3d4e5f6${String(index).padStart(4, '0')}`);
  expect(() => TrainingGuard.boundary(stackWith(), 'People', { subnetIds })).toThrow('is too long for a boundary, which is one policy: name fewer subnets');
  const actions = ['CreateNotebookInstance', 'CreateDomain', 'CreateTransformJob', 'CreatePresignedDomainUrl', 'CreateMonitoringSchedule'];
  expect(() => TrainingGuard.boundary(stackWith(actions), 'People', OWN)).toThrow('is too long for a boundary');
});

describe('pages of policies', () => {
  const statement = (Sid: string, length: number) => ({ Sid, text: 'x'.repeat(length) });

  test('hold all statements in order, none above the limit', () => {
    const statements = Array.from({ length: 40 }, (_, index) => statement(`S${index}`, 300));
    const pages = policyPages(statements, POLICY_LIMITS.ORGANISATION_POLICY);
    expect(pages.flat()).toEqual(statements);
    for (const page of pages) expect(JSON.stringify({ Version: '2012-10-17', Statement: page }).length).toBeLessThanOrEqual(POLICY_LIMITS.ORGANISATION_POLICY);
    expect(pages.length).toBe(3);
  });

  test('refuse a statement that is longer than a page', () => {
    expect(() => policyPages([statement('Long', 6000)], POLICY_LIMITS.ORGANISATION_POLICY)).toThrow("the statement 'Long' has 60");
  });
});
