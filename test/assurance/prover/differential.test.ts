import { describe, expect, test } from 'vitest';
import { compare } from './differential/compare';
import { explain, isContradiction, isFalseAlarm, isUnsafe } from './differential/explain';
import { Random, randomCase } from './differential/random-cases';

describe('the generator of cases', () => {
  const random = new Random(2024);
  const cases = Array.from({ length: 3000 }, () => randomCase(random));
  test('does not repeat itself', () => {
    expect(new Set(cases.map((c) => JSON.stringify([c.principal.id, c.action, c.resource, c.context, c.documents]))).size).toBeGreaterThan(
      2990,
    );
  });
  test('reaches every kind of principal, policy and operator', () => {
    const text = JSON.stringify(cases.map((c) => c.documents));
    for (const word of [
      'NotAction',
      'NotResource',
      'NotPrincipal',
      'ForAllValues:StringNotLike',
      'ForAnyValue:StringEquals',
      'Null',
      'DateNotEquals',
      'NumericLessThanIfExists',
      'NotIpAddressIfExists',
      'ArnLike',
      'StringNotEqualsIgnoreCase',
      'BoolIfExists',
    ]) {
      expect(text).toContain(`"${word}"`);
    }
    for (const part of ['boundary', 'session', 'resource', 'endpoint'] as const)
      expect(cases.filter((c) => c.documents[part] !== undefined).length).toBeGreaterThan(100);
    for (const part of ['serviceControl', 'resourceControl'] as const)
      expect(cases.filter((c) => c.documents[part].length > 0).length).toBeGreaterThan(300);
    expect([...new Set(cases.map((c) => c.scenario))].sort()).toEqual(['ANONYMOUS', 'KMS', 'S3', 'SERVICE', 'TRUST']);
    expect([...new Set(cases.map((c) => c.principal.type))].sort()).toEqual(['ANONYMOUS', 'ROLE', 'SERVICE', 'USER']);
  });
});

test('prover, replay and an independent simulator agree on random requests', async () => {
  const random = new Random(31);
  const unexplained: unknown[] = [];
  let allowed = 0;
  for (let i = 0; i < 400; i++) {
    const c = randomCase(random);
    const result = await compare(c);
    expect(result.simulator, result.error).not.toBe('REJECTED');
    if (result.simulator === 'ALLOWED') allowed += 1;
    const differs = isUnsafe(result) || isContradiction(result) || isFalseAlarm(result);
    if (differs && explain(c, result) === undefined)
      unexplained.push({
        result,
        principal: c.principal.id,
        action: c.action,
        resource: c.resource,
        context: c.context,
        documents: c.documents,
      });
  }
  expect(unexplained).toEqual([]);
  expect(allowed).toBeGreaterThan(160);
});
