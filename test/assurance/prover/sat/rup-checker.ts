/**
 * Checks that each learned clause follows from the clauses before it by unit propagation alone, and that the empty clause is among them.
 *
 * Written apart from the solver and as plainly as possible: it is what an "unsatisfiable" is believed by.
 */
export function checkRefutation(clauses: readonly (readonly number[])[], learned: readonly (readonly number[])[]): string | undefined {
  const known: (readonly number[])[] = [...clauses];
  for (const [i, clause] of learned.entries()) {
    if (!follows(known, clause)) return `learned clause ${i} (${clause.join(' ')}) does not follow by unit propagation`;
    if (clause.length === 0) return undefined;
    known.push(clause);
  }
  return 'the empty clause was never derived';
}

function follows(clauses: readonly (readonly number[])[], clause: readonly number[]): boolean {
  const truth = new Set<number>(clause.map((literal) => -literal));
  for (;;) {
    let changed = false;
    for (const c of clauses) {
      if (c.some((l) => truth.has(l))) continue;
      const open = [...new Set(c)].filter((l) => !truth.has(-l));
      if (open.length === 0) return true;
      if (open.length === 1) {
        truth.add(open[0]);
        changed = true;
      }
    }
    if (!changed) return false;
  }
}
