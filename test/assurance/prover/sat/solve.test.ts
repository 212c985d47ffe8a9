import { describe, expect, test } from 'vitest';
import { Cnf } from '../../../../lib/assurance/prover/sat/cnf';
import { solve } from '../../../../lib/assurance/prover/sat/solve';
import { Random } from '../differential/random-cases';
import { checkRefutation } from './rup-checker';

function cnfOf(variables: number, clauses: number[][]): Cnf {
  const cnf = new Cnf();
  for (let i = 0; i < variables; i++) cnf.variable();
  clauses.forEach((c) => cnf.add(...c));
  return cnf;
}

function randomClauses(random: Random, variables: number, count: number): number[][] {
  const literal = (): number => (1 + Math.floor(random.next() * variables)) * (random.chance(0.5) ? 1 : -1);
  return Array.from({ length: count }, () => [literal(), literal(), literal()]);
}

function satisfiable(variables: number, clauses: number[][]): boolean {
  for (let bits = 0; bits < 2 ** variables; bits++) {
    if (clauses.every((c) => c.some((l) => ((bits >> (Math.abs(l) - 1)) & 1) === (l > 0 ? 1 : 0)))) return true;
  }
  return false;
}

describe('the search agrees with trying everything', () => {
  test('on random clauses around the point where they stop to be satisfiable', () => {
    const random = new Random(7);
    const seen = { SAT: 0, UNSAT: 0 };
    for (let round = 0; round < 400; round++) {
      const clauses = randomClauses(random, 8, 20 + Math.floor(random.next() * 30));
      const result = solve(cnfOf(8, clauses));
      expect(result.outcome).toBe(satisfiable(8, clauses) ? 'SAT' : 'UNSAT');
      if (result.outcome === 'SAT') {
        seen.SAT += 1;
        expect(clauses.every((c) => c.some(result.holds))).toBe(true);
      }
      if (result.outcome === 'UNSAT') {
        seen.UNSAT += 1;
        expect(checkRefutation(clauses, result.learned)).toBeUndefined();
      }
    }
    expect(Math.min(seen.SAT, seen.UNSAT)).toBeGreaterThan(50);
  });

  test('on larger unsatisfiable ones, whose proofs check', () => {
    const random = new Random(3);
    for (let round = 0; round < 5; round++) {
      const clauses = randomClauses(random, 60, 330);
      const result = solve(cnfOf(60, clauses));
      if (result.outcome === 'UNSAT') expect(checkRefutation(clauses, result.learned)).toBeUndefined();
      else expect(result.outcome === 'SAT' && clauses.every((c) => c.some(result.holds))).toBe(true);
    }
  });
});

test.each([[2], [5], [6], [9], [40]])('at most one of %i literals leaves exactly the single ones and none', (n) => {
  const cnf = cnfOf(n, []);
  const literals = Array.from({ length: n }, (_, i) => i + 1);
  cnf.atMostOne(literals);
  const with_ = (...more: number[][]): string => solve(cnfOf(cnf.variables, [...cnf.clauses, ...more])).outcome;
  for (const a of literals) {
    expect(with_([a])).toBe('SAT');
    for (const b of literals) if (a !== b) expect(with_([a], [b])).toBe('UNSAT');
  }
  expect(with_(...literals.map((l) => [-l]))).toBe('SAT');
});

test('the cap on conflicts ends in LIMIT, never in an answer', () => {
  // Pigeons: 9 in 8 holes has no short proof.
  const clauses: number[][] = [];
  const at = (pigeon: number, hole: number): number => pigeon * 8 + hole + 1;
  for (let p = 0; p < 9; p++) clauses.push(Array.from({ length: 8 }, (_, h) => at(p, h)));
  for (let h = 0; h < 8; h++) for (let p = 0; p < 9; p++) for (let q = 0; q < p; q++) clauses.push([-at(p, h), -at(q, h)]);
  expect(solve(cnfOf(72, clauses), 200).outcome).toBe('LIMIT');
});

test('no clause and an empty clause', () => {
  expect(solve(cnfOf(2, [])).outcome).toBe('SAT');
  expect(solve(cnfOf(2, [[]])).outcome).toBe('UNSAT');
});

test('the checker refuses a proof that does not follow', () => {
  expect(checkRefutation([[1, 2]], [[1], []])).toContain('does not follow');
  expect(checkRefutation([[1], [-1]], [])).toContain('never derived');
  expect(checkRefutation([[1], [-1]], [[]])).toBeUndefined();
});
