import { expect, test } from 'vitest';
import { Prover } from '../../../lib/assurance/prover';
import { compare, pinned } from './differential/compare';
import { explain, isContradiction, isFalseAlarm, isUnsafe } from './differential/explain';
import { Random, randomCase } from './differential/random-cases';
import { checkRefutation } from './sat/rup-checker';

test('20000 random requests: no unexplained difference, and at least 40 in 100 of them allowed', { timeout: 3_600_000 }, async () => {
  const random = new Random(20_000);
  const unexplained: unknown[] = [];
  const differences: Record<string, number> = {};
  let allowed = 0;
  for (let i = 0; i < 20_000; i++) {
    const c = randomCase(random);
    const result = await compare(c);
    if (result.simulator === 'ALLOWED') allowed += 1;
    for (const [kind, differs] of [
      ['unsafe', isUnsafe(result)],
      ['contradiction', isContradiction(result)],
      ['false alarm', isFalseAlarm(result)],
    ] as const) {
      if (!differs) continue;
      const why = explain(c, result);
      differences[`${kind}: ${why ?? 'unexplained'}`] = (differences[`${kind}: ${why ?? 'unexplained'}`] ?? 0) + 1;
      if (why === undefined)
        unexplained.push({ kind, result, principal: c.principal.id, action: c.action, context: c.context, documents: c.documents });
    }
  }
  console.info(`${allowed} of 20000 allowed; differences: ${JSON.stringify(differences)}`);
  expect(unexplained).toEqual([]);
  expect(allowed).toBeGreaterThan(8000);
});

test('the "no" of the prover comes with a proof that an independent checker accepts', { timeout: 1_800_000 }, () => {
  const random = new Random(99);
  let checked = 0;
  for (let i = 0; i < 3000; i++) {
    const c = randomCase(random);
    const { id, title, action, resource, where: full } = pinned(c);
    // With half of the keys left open the search has something to do.
    const where = Object.fromEntries(Object.entries(full ?? {}).filter((_entry, index) => (index + i) % 2 === 0));
    const proof = new Prover(c.estate, { keepRefutations: true }).prove({ id, title, action, resource, where });
    for (const { clauses, learned } of proof.refutations.values()) {
      expect(checkRefutation(clauses, learned)).toBeUndefined();
      // An empty clause says that policies had nothing to decide: it proves itself.
      if (clauses.every((clause) => clause.length > 0)) checked += 1;
    }
  }
  console.info(`${checked} proofs that take steps`);
  expect(checked).toBeGreaterThan(300);
});
