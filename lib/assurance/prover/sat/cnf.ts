/** A literal: variable number (from 1), negative when negated. */
export type Literal = number;

/** A set of clauses over numbered variables. */
export class Cnf {
  readonly clauses: Literal[][] = [];
  private count = 0;

  /** How many variables there are. */
  get variables(): number {
    return this.count;
  }

  /** A new variable. */
  variable(): Literal {
    this.count += 1;
    return this.count;
  }

  /** At least one of the literals holds. */
  add(...literals: Literal[]): void {
    this.clauses.push(literals);
  }

  /** A variable that holds exactly when one of the literals does. */
  either(literals: readonly Literal[]): Literal {
    if (literals.length === 1) return literals[0];
    const result = this.variable();
    for (const literal of literals) this.add(-literal, result);
    this.add(-result, ...literals);
    return result;
  }

  /** At most one of the literals holds; linear in their number (sequential counter). */
  atMostOne(literals: readonly Literal[]): void {
    if (literals.length <= 5) {
      literals.forEach((a, i) => literals.slice(i + 1).forEach((b) => this.add(-a, -b)));
      return;
    }
    let before = literals[0];
    for (let i = 1; i < literals.length; i++) {
      this.add(-before, -literals[i]);
      if (i === literals.length - 1) break;
      const seen = this.variable();
      this.add(-before, seen);
      this.add(-literals[i], seen);
      before = seen;
    }
  }
}
