import { describe, expect, test } from 'vitest';
import type { Estate, Principal, RequestPattern } from '../../../lib/assurance/prover';
import { Prover } from '../../../lib/assurance/prover';
import type { GroundPolicy } from '../../../lib/assurance/prover/estate/ground';
import { groundRawPolicy } from '../../../lib/assurance/prover/estate/ground';
import { pinned } from './differential/compare';
import type { Case } from './differential/random-cases';
import { Random, randomCase } from './differential/random-cases';
import { checkRefutation } from './sat/rup-checker';

/** A random case with about half of its keys left open, so that there is something to search. */
function openCase(random: Random, i: number): { readonly c: Case; readonly pattern: RequestPattern } {
  const c = randomCase(random);
  const { action, resource, where: full } = pinned(c);
  return { c, pattern: { action, resource, where: Object.fromEntries(Object.entries(full ?? {}).filter((_entry, index) => (index + i) % 2 === 0)) } };
}

/** Whether somebody can make such a request; undefined when the prover does not commit itself. */
function possible(estate: Estate, pattern: RequestPattern): boolean | undefined {
  const { verdict } = new Prover(estate).prove({ id: 'x', title: 'x', ...pattern });
  return verdict === 'UNDETERMINED' ? undefined : verdict === 'REFUTED';
}

function withPrincipals(estate: Estate, change: (principal: Principal) => Principal): Estate {
  return { ...estate, principals: estate.principals.map(change) };
}

function backwards(policies: readonly GroundPolicy[]): GroundPolicy[] {
  return [...policies].reverse().map((p) => ({ ...p, statements: [...p.statements].reverse() }));
}

function everythingBackwards(estate: Estate): Estate {
  return {
    ...withPrincipals(estate, (p) => ({ ...p, ...(p.identity ? { identity: backwards(p.identity) } : {}) })),
    targets: [...estate.targets].reverse().map((t) => ({ ...t, policies: backwards(t.policies) })),
    serviceControl: estate.serviceControl.map(backwards),
    resourceControl: estate.resourceControl.map(backwards),
  };
}

function everythingTwice(estate: Estate): Estate {
  const twice = (policies: readonly GroundPolicy[]): GroundPolicy[] => policies.map((p) => ({ ...p, statements: [...p.statements, ...p.statements] }));
  return {
    ...withPrincipals(estate, (p) => ({ ...p, ...(p.identity ? { identity: twice(p.identity) } : {}) })),
    targets: estate.targets.map((t) => ({ ...t, policies: twice(t.policies) })),
  };
}

const CONDITIONS = [{}, { Bool: { 'aws:SecureTransport': 'false' } }, { StringNotEquals: { 'aws:SourceVpce': 'vpce-1a' } }, { Null: { 'aws:PrincipalTag/team': 'true' } }];

function withStatement(estate: Estate, effect: 'Allow' | 'Deny', random: Random): Estate {
  const more = groundRawPolicy('more', { Statement: [{ Effect: effect, Action: '*', Resource: '*', Condition: random.pick(CONDITIONS) }] });
  const statement = { Effect: effect, Principal: '*', Action: '*', Resource: '*', Condition: random.pick(CONDITIONS) };
  const changed = withPrincipals(estate, (p) => ({ ...p, identity: [...(p.identity ?? []), more] }));
  return { ...changed, targets: changed.targets.map((t) => ({ ...t, policies: [...t.policies, groundRawPolicy('more', { Statement: [statement] })] })) };
}

describe('what must not change an answer, over random cases', () => {
  test.each<[string, (estate: Estate) => Estate]>([
    ['the order of policies, statements and targets', everythingBackwards],
    ['statements that stand twice', everythingTwice],
  ])('%s', (_name, change) => {
    const random = new Random(71);
    const seen = { yes: 0, no: 0 };
    for (let i = 0; i < 120; i++) {
      const { c, pattern } = openCase(random, i);
      const before = possible(c.estate, pattern);
      expect(possible(change(c.estate), pattern)).toBe(before);
      if (before !== undefined) seen[before ? 'yes' : 'no'] += 1;
    }
    expect(Math.min(seen.yes, seen.no)).toBeGreaterThan(25);
  });
});

describe('what can change an answer in one direction only, over random cases', () => {
  test.each<['Allow' | 'Deny', boolean]>([
    ['Deny', false],
    ['Allow', true],
  ])('one more %s never turns an answer into anything but %s', (effect, into) => {
    const random = new Random(72);
    let [turned, kept] = [0, 0];
    for (let i = 0; i < 150; i++) {
      const { c, pattern } = openCase(random, i);
      const before = possible(c.estate, pattern);
      const after = possible(withStatement(c.estate, effect, random), pattern);
      if (before === undefined || after === undefined) continue;
      if (before === after) kept += 1;
      else {
        turned += 1;
        expect(after).toBe(into);
      }
    }
    expect(turned).toBeGreaterThan(3);
    expect(kept).toBeGreaterThan(30);
  });
});

describe('a "no" is believed by its proof', () => {
  const random = new Random(73);
  const proofs = Array.from({ length: 150 }, (_, i) => openCase(random, i)).flatMap(({ c, pattern }) => [
    ...new Prover(c.estate, { keepRefutations: true }).prove({ id: 'x', title: 'x', ...pattern }).refutations.values(),
  ]);
  // Where policies say no before any key is looked at there is nothing to prove.
  const real = proofs.filter(({ clauses }) => clauses.every((clause) => clause.length > 0));

  test('which a checker that knows nothing of policies accepts, and most of them take more than one look', () => {
    for (const { clauses, learned } of proofs) expect(checkRefutation(clauses, learned)).toBeUndefined();
    expect(real.length).toBeGreaterThan(25);
  });
  test('and not with clauses that can be satisfied: without what one step needs, it is refused', () => {
    for (const { clauses, learned } of real) {
      // Propagation begins at clauses of one literal: without them nothing follows at once.
      const weaker = clauses.filter((clause) => new Set(clause).size > 1);
      if (weaker.length < clauses.length) expect(checkRefutation(weaker, [[]])).toMatch(/does not follow/);
      expect(checkRefutation(clauses, [])).toMatch(/never derived/);
      expect(checkRefutation([], learned)).toMatch(/does not follow|never derived/);
    }
  });
});
