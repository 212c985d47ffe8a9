import { describe, expect, test, vi } from 'vitest';
import type { Formula } from '../../../lib/assurance/prover/encoder/formula';
import { and, not, or } from '../../../lib/assurance/prover/encoder/formula';
import { KeyVariable } from '../../../lib/assurance/prover/encoder/key-variable';
import type { Assignment } from '../../../lib/assurance/prover/encoder/query';
import * as solver from '../../../lib/assurance/prover/sat/solve';
import { exactly } from '../../../lib/assurance/prover/domain/predicate';
import { Random } from './differential/random-cases';
import { agreementOver } from './second-engine/agreement';
import { Diagram } from './second-engine/diagram';

test('a decision diagram and the search agree on every query about keys with one value', () => {
  const { possible, impossible, skipped, differences } = agreementOver(150, new Random(515));
  expect(differences).toEqual([]);
  expect(Math.min(possible, impossible)).toBeGreaterThan(30);
  expect(possible + impossible).toBeGreaterThan(skipped);
});

test.each<[string, (result: solver.SatResult) => solver.SatResult]>([
  ['that says no too often', (result) => (result.outcome === 'SAT' ? { outcome: 'UNSAT', learned: [[]], conflicts: 0 } : result)],
  ['that says yes too often', (result) => (result.outcome === 'UNSAT' ? { outcome: 'SAT', holds: (literal) => literal > 0, conflicts: 0 } : result)],
])('a search %s does not stay unseen', (_name, wrong) => {
   
  const { solve } = solver;
  const spy = vi.spyOn(solver, 'solve').mockImplementation((...args) => wrong(solve(...args)));
  try {
    expect(agreementOver(40, new Random(516)).differences.length).toBeGreaterThan(5);
  } finally {
    spy.mockRestore();
  }
});

describe('the diagram agrees with trying everything', () => {
  const random = new Random(517);
  const values = ['a', 'b', 'c'];

  /** A random formula over keys that are `a`, `b`, `c` or not there. */
  function formulaOver(keys: readonly KeyVariable[], depth: number): Formula {
    if (depth === 0 || random.chance(0.2)) {
      const key = random.pick(keys);
      return random.chance(0.2) ? key.present() : key.some(values.filter(() => random.chance(0.4)).map((v) => exactly(v)));
    }
    const items = Array.from({ length: 2 }, () => formulaOver(keys, depth - 1));
    return random.chance(0.3) ? not(items[0]) : random.chance(0.5) ? and(...items) : or(...items);
  }

  function truth(formula: Formula, assignment: Assignment): boolean {
    if (typeof formula === 'boolean') return formula;
    if (formula.op === 'AND') return formula.items.every((f) => truth(f, assignment));
    if (formula.op === 'OR') return formula.items.some((f) => truth(f, assignment));
    if (formula.op === 'NOT') return !truth(formula.item, assignment);
    const { variable, predicates } = formula.atom;
    const value = assignment.get(variable);
    if (value === undefined || predicates === undefined) return value !== undefined;
    return predicates.some((p) => variable.predicates[p].key === exactly(value as string).key);
  }

  test('on random formulas over three keys', () => {
    const seen = { yes: 0, no: 0 };
    for (let round = 0; round < 300; round++) {
      const keys = ['x', 'y', 'z'].map((name, i) => new KeyVariable(name, name, false, i === 0));
      const formula = and(formulaOver(keys, 4), formulaOver(keys, 4), formulaOver(keys, 4));
      const levels = keys.map((variable) => ({
        variable,
        partition: {
          classes: values.map((value) => ({
            value,
            satisfied: new Set(variable.predicates.flatMap((p, i) => (p.key === exactly(value).key ? [i] : []))),
          })),
          free: new Set<number>(),
        },
      }));
      const diagram = new Diagram(levels);
      const root = diagram.of(formula);
      const options = keys.map((key) => [...values, ...(key.alwaysPresent ? [] : [undefined])]);
      let satisfiable = false;
      for (const x of options[0]) {
        for (const y of options[1]) {
          for (const z of options[2]) {
            const chosen = [x, y, z].flatMap((value, i): [KeyVariable, string][] => (value === undefined ? [] : [[keys[i], value]]));
            const assignment = new Map(chosen);
            expect(diagram.holds(root, assignment)).toBe(truth(formula, assignment));
            satisfiable ||= truth(formula, assignment);
          }
        }
      }
      expect(root !== false).toBe(satisfiable);
      seen[satisfiable ? 'yes' : 'no'] += 1;
    }
    expect(Math.min(seen.yes, seen.no)).toBeGreaterThan(20);
  });
});
