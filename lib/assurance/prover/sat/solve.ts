import type { Cnf, Literal } from './cnf';

/** Outcome of a search; `LIMIT` means that the cap on conflicts was reached and nothing is known. */
export type SatResult =
  | { readonly outcome: 'SAT'; readonly holds: (literal: Literal) => boolean; readonly conflicts: number }
  | { readonly outcome: 'UNSAT'; readonly learned: readonly (readonly Literal[])[]; readonly conflicts: number }
  | { readonly outcome: 'LIMIT'; readonly conflicts: number };

/**
 * Decides whether clauses can hold together: conflict-driven clause learning with two watched literals, activity order, and restarts.
 *
 * The clauses learned on the way to `UNSAT` are a proof by reverse unit propagation that a separate checker can follow.
 */
export function solve(cnf: Cnf, maxConflicts = 50_000): SatResult {
  return new Search(cnf.variables, maxConflicts).run(cnf.clauses);
}

/** Conflicts between restarts follow the Luby sequence times this unit. */
const RESTART_UNIT = 64;
const DECAY = 0.95;
const RESCALE = 1e100;

class Search {
  private readonly values: Int8Array;
  private readonly levels: Int32Array;
  private readonly reasons: (Literal[] | undefined)[];
  private readonly activity: Float64Array;
  private readonly phase: Int8Array;
  private readonly seen: Uint8Array;
  /** By literal; undefined where no clause watches it. */
  private readonly watches: (Literal[][] | undefined)[];
  private readonly trail: Literal[] = [];
  private readonly limits: number[] = [];
  private readonly heap: VariableHeap;
  private head = 0;
  private step = 1;
  private conflicts = 0;
  private readonly learned: Literal[][] = [];

  constructor(
    private readonly n: number,
    private readonly maxConflicts: number,
  ) {
    this.values = new Int8Array(n + 1);
    this.levels = new Int32Array(n + 1);
    this.reasons = new Array<Literal[] | undefined>(n + 1).fill(undefined);
    this.activity = new Float64Array(n + 1);
    this.phase = new Int8Array(n + 1).fill(-1);
    this.seen = new Uint8Array(n + 1);
    this.watches = new Array<Literal[][] | undefined>(2 * n + 2).fill(undefined);
    this.heap = new VariableHeap(n, this.activity);
  }

  run(clauses: readonly (readonly Literal[])[]): SatResult {
    for (const clause of clauses) {
      if (!this.addOriginal(clause)) return this.unsat();
    }
    if (this.propagate() !== undefined) return this.unsat();
    for (let round = 1; ; round++) {
      const result = this.until(luby(round) * RESTART_UNIT);
      if (result !== undefined) return result;
      this.backtrack(0);
    }
  }

  private until(allowed: number): SatResult | undefined {
    for (let used = 0; ; ) {
      const conflict = this.propagate();
      if (conflict !== undefined) {
        used += 1;
        this.conflicts += 1;
        if (this.limits.length === 0) return this.unsat();
        if (this.conflicts > this.maxConflicts) return { outcome: 'LIMIT', conflicts: this.conflicts };
        this.learn(conflict);
      } else {
        if (used >= allowed) return undefined;
        const decision = this.decide();
        if (decision === 0) return { outcome: 'SAT', holds: (l) => this.value(l) > 0, conflicts: this.conflicts };
        this.limits.push(this.trail.length);
        this.assign(decision, undefined);
      }
    }
  }

  private unsat(): SatResult {
    return { outcome: 'UNSAT', learned: [...this.learned, []], conflicts: this.conflicts };
  }

  private addOriginal(clause: readonly Literal[]): boolean {
    const distinct = new Set(clause);
    for (const literal of distinct) if (distinct.has(-literal)) return true;
    const literals = [...distinct];
    if (literals.length === 0) return false;
    if (literals.length > 1) {
      this.watch(literals);
      return true;
    }
    const value = this.value(literals[0]);
    if (value === 0) this.assign(literals[0], undefined);
    return value >= 0;
  }

  private watch(clause: Literal[]): void {
    (this.watches[index(clause[0])] ??= []).push(clause);
    (this.watches[index(clause[1])] ??= []).push(clause);
  }

  private value(literal: Literal): number {
    const value = this.values[Math.abs(literal)];
    return literal > 0 ? value : -value;
  }

  private assign(literal: Literal, reason: Literal[] | undefined): void {
    const variable = Math.abs(literal);
    this.values[variable] = literal > 0 ? 1 : -1;
    this.levels[variable] = this.limits.length;
    this.reasons[variable] = reason;
    this.trail.push(literal);
  }

  private propagate(): Literal[] | undefined {
    while (this.head < this.trail.length) {
      const falsified = -this.trail[this.head++];
      const list = this.watches[index(falsified)];
      if (list === undefined) continue;
      let kept = 0;
      for (let i = 0; i < list.length; i++) {
        const clause = list[i];
        if (clause[0] === falsified) {
          clause[0] = clause[1];
          clause[1] = falsified;
        }
        if (this.value(clause[0]) > 0 || !this.rewatch(clause)) {
          list[kept++] = clause;
          if (this.value(clause[0]) > 0) continue;
          if (this.value(clause[0]) < 0) {
            for (let j = i + 1; j < list.length; j++) list[kept++] = list[j];
            list.length = kept;
            return clause;
          }
          this.assign(clause[0], clause);
        }
      }
      list.length = kept;
    }
    return undefined;
  }

  /** Moves the second watch to a literal that is not false. */
  private rewatch(clause: Literal[]): boolean {
    for (let k = 2; k < clause.length; k++) {
      if (this.value(clause[k]) >= 0) {
        const other = clause[k];
        clause[k] = clause[1];
        clause[1] = other;
        (this.watches[index(other)] ??= []).push(clause);
        return true;
      }
    }
    return false;
  }

  /** Learns the first unique implication point and jumps back. */
  private learn(conflict: Literal[]): void {
    const level = this.limits.length;
    const clause: Literal[] = [0];
    let open = 0;
    let at = this.trail.length;
    let reason: Literal[] | undefined = conflict;
    let pivot: Literal = 0;
    do {
      for (const literal of reason ?? []) {
        const variable = Math.abs(literal);
        if (literal === pivot || this.seen[variable] === 1 || this.levels[variable] === 0) continue;
        this.seen[variable] = 1;
        this.bump(variable);
        if (this.levels[variable] === level) open += 1;
        else clause.push(literal);
      }
      do at -= 1;
      while (this.seen[Math.abs(this.trail[at])] === 0);
      pivot = this.trail[at];
      reason = this.reasons[Math.abs(pivot)];
      this.seen[Math.abs(pivot)] = 0;
      open -= 1;
    } while (open > 0);
    clause[0] = -pivot;
    for (const literal of clause) this.seen[Math.abs(literal)] = 0;
    this.step /= DECAY;
    this.learned.push([...clause]);
    this.jump(clause);
  }

  private jump(clause: Literal[]): void {
    let deepest = 0;
    for (let i = 1; i < clause.length; i++) {
      const level = this.levels[Math.abs(clause[i])];
      if (level > deepest) {
        deepest = level;
        [clause[1], clause[i]] = [clause[i], clause[1]];
      }
    }
    this.backtrack(deepest);
    if (clause.length > 1) this.watch(clause);
    this.assign(clause[0], clause.length > 1 ? clause : undefined);
  }

  private backtrack(level: number): void {
    if (this.limits.length <= level) return;
    const start = this.limits[level];
    for (let i = this.trail.length - 1; i >= start; i--) {
      const variable = Math.abs(this.trail[i]);
      this.phase[variable] = this.values[variable];
      this.values[variable] = 0;
      this.heap.insert(variable);
    }
    this.trail.length = start;
    this.limits.length = level;
    this.head = start;
  }

  private decide(): Literal {
    for (;;) {
      const variable = this.heap.pop();
      if (variable === 0) return 0;
      if (this.values[variable] === 0) return this.phase[variable] > 0 ? variable : -variable;
    }
  }

  private bump(variable: number): void {
    this.activity[variable] += this.step;
    if (this.activity[variable] > RESCALE) {
      for (let v = 1; v <= this.n; v++) this.activity[v] /= RESCALE;
      this.step /= RESCALE;
    }
    this.heap.raise(variable);
  }
}

/** Unassigned variables, the most active on top. */
class VariableHeap {
  private readonly heap: number[] = [];
  private readonly position: Int32Array;

  constructor(
    n: number,
    private readonly activity: Float64Array,
  ) {
    this.position = new Int32Array(n + 1).fill(-1);
    for (let v = 1; v <= n; v++) this.insert(v);
  }

  insert(variable: number): void {
    if (this.position[variable] >= 0) return;
    this.position[variable] = this.heap.push(variable) - 1;
    this.raise(variable);
  }

  raise(variable: number): void {
    let i = this.position[variable];
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (this.activity[this.heap[parent]] >= this.activity[variable]) break;
      this.place(this.heap[parent], i);
      i = parent;
    }
    if (i >= 0) this.place(variable, i);
  }

  pop(): number {
    const top = this.heap[0];
    if (top === undefined) return 0;
    this.position[top] = -1;
    const last = this.heap.pop() as number;
    if (this.heap.length > 0) this.sink(last);
    return top;
  }

  private sink(variable: number): void {
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= this.heap.length) break;
      if (child + 1 < this.heap.length && this.activity[this.heap[child + 1]] > this.activity[this.heap[child]]) child += 1;
      if (this.activity[this.heap[child]] <= this.activity[variable]) break;
      this.place(this.heap[child], i);
      i = child;
    }
    this.place(variable, i);
  }

  private place(variable: number, i: number): void {
    this.heap[i] = variable;
    this.position[variable] = i;
  }
}

function index(literal: Literal): number {
  return literal > 0 ? 2 * literal : -2 * literal + 1;
}

function luby(i: number): number {
  let size = 1;
  let power = 0;
  while (size < i) {
    power += 1;
    size = 2 * size + 1;
  }
  if (size === i) return 2 ** power;
  return luby(i - (size - 1) / 2);
}
