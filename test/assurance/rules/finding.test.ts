import { failsOn, type Finding } from '../../../lib/assurance/rules/finding';
import { expect, test } from 'vitest';

const of = (verdict: Finding['verdict'], evidenceOnly?: boolean) => ({ verdict, evidenceOnly }) as Finding;

test('a run fails on what is violated or undecided, and on missing evidence only when asked to', () => {
  expect(failsOn(of('VIOLATED'))).toBe(true);
  expect(failsOn(of('VIOLATED'), { allowUndetermined: true })).toBe(true);
  expect(failsOn(of('UNDETERMINED'))).toBe(true);
  expect(failsOn(of('UNDETERMINED'), { allowUndetermined: true })).toBe(false);
  expect(failsOn(of('VIOLATED', true))).toBe(false);
  expect(failsOn(of('VIOLATED', true), { requireEvidence: true })).toBe(true);
  expect(failsOn(of('UNDETERMINED', true), { requireEvidence: true, allowUndetermined: true })).toBe(false);
});
