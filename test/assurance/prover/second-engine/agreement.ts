import { vi } from 'vitest';
import { Prover } from '../../../../lib/assurance/prover';
import type { Formula } from '../../../../lib/assurance/prover/encoder/formula';
import type { KeyVariable } from '../../../../lib/assurance/prover/encoder/key-variable';
import type { Assignment, Partition, QueryAnswer } from '../../../../lib/assurance/prover/encoder/query';
import { Query } from '../../../../lib/assurance/prover/encoder/query';
import { isListKey } from '../../../../lib/assurance/prover/iam-table';
import { pinned } from '../differential/compare';
import type { Random } from '../differential/random-cases';
import { randomCase } from '../differential/random-cases';
import type { Level } from './diagram';
import { Diagram } from './diagram';

/** How the two engines answered the queries of some cases. */
export interface Agreement {
  readonly possible: number;
  readonly impossible: number;
  /** Queries with keys that hold lists, which the diagram does not decide. */
  readonly skipped: number;
  readonly differences: readonly string[];
}

/** The part of a query that only the prover sees otherwise. */
interface Inside {
  classes(variable: KeyVariable): Partition | string;
}

/**
 * Verdicts of a smaller query for those of the whole one that contradict nothing: it found a request, of an attack or a legitimate one,
 * where the larger one found none that it could replay. Every request that is found is replayed, so it is true whichever way it was found.
 */
const FOUND_MORE = ['REFUTED for UNDETERMINED', 'PROVED for PROVED_VACUOUSLY'];

/** Asks the diagram every query that the prover decides while it looks at random cases with half of their keys left open. */
export function agreementOver(count: number, random: Random): Agreement {
  const tally = { possible: 0, impossible: 0, skipped: 0, differences: [] as string[] };
   
  const decide = Query.prototype.decide;
  const spy = vi.spyOn(Query.prototype, 'decide').mockImplementation(function (this: Query, formula: Formula, excluded: readonly Assignment[] = [], coarse = false) {
    const answer = decide.call(this, formula, excluded, coarse);
    // What a coarse look finds is no claim yet; what it rules out is.
    const claimed = answer.answer !== 'FOUND' || !answer.coarse;
    if (claimed && excluded.length === 0 && typeof formula !== 'boolean') compare(this, formula, answer);
    return answer;
  });
  const plainly = Query.prototype.isPlainlyImpossible;
  const plain = vi.spyOn(Query.prototype, 'isPlainlyImpossible').mockImplementation(function (this: Query, formula: Formula) {
    const impossible = plainly.call(this, formula);
    if (impossible && typeof formula !== 'boolean') compare(this, formula, { answer: 'NONE' });
    return impossible;
  });
  const compare = (query: Query, formula: Formula, answer: Pick<QueryAnswer, 'answer'> & { readonly assignment?: Assignment }): void => {
    const levels = [...query.all()].map((variable) => ({ variable, partition: (query as unknown as Inside).classes(variable) }));
    const decidable = levels.filter((level): level is Level => typeof level.partition !== 'string');
    if (answer.answer === 'LIMIT' || decidable.length < levels.length || !Diagram.canDecide(decidable)) {
      tally.skipped += 1;
      return;
    }
    const diagram = new Diagram(decidable);
    const root = diagram.of(formula);
    if (answer.answer === 'NONE') {
      tally.impossible += 1;
      if (root !== false) tally.differences.push('the search finds nothing, the diagram does');
    } else {
      tally.possible += 1;
      if (answer.assignment === undefined || !diagram.holds(root, answer.assignment)) tally.differences.push('the search finds what the diagram does not have');
    }
  };
  try {
    for (let i = 0; i < count; i++) {
      const c = randomCase(random);
      const { id, title, action, resource, where: full } = pinned(c);
      const where = Object.fromEntries(
        Object.entries(full ?? {}).flatMap(([operator, keys], index) => {
          const single = Object.entries(keys).filter(([key]) => !isListKey(key.toLowerCase()));
          return single.length > 0 && (index + i) % 2 === 0 ? [[operator, Object.fromEntries(single)]] : [];
        }),
      );
      const attack = { id, title, action, resource, where };
      const sliced = new Prover(c.estate).prove(attack);
      // Most is decided before there is a query, by what can have a say at all. Whoever keeps refutations asks whole queries for everything:
      // they must say the same.
      const whole = new Prover(c.estate, { keepRefutations: true }).prove(attack);
      if (whole.verdict !== sliced.verdict && !FOUND_MORE.includes(`${sliced.verdict} for ${whole.verdict}`)) tally.differences.push(`${sliced.verdict}, and ${whole.verdict} when nothing is left out`);
    }
  } finally {
    spy.mockRestore();
    plain.mockRestore();
  }
  return tally;
}
