import type { Predicate } from '../domain/predicate';
import { holdsList, ALWAYS_PRESENT, hintsOf, shapeOf } from '../domain/key-shapes';
import type { Shape, ValueClass} from '../domain/key-domain';
import { valueClasses } from '../domain/key-domain';
import type { ShapeShare } from '../domain/shape-share';
import type { TooManyStates } from '../glob/partition';
import type { Literal } from '../sat/cnf';
import { Cnf } from '../sat/cnf';
import type { SatResult} from '../sat/solve';
import { solve } from '../sat/solve';
import type { Formula, Operation} from './formula';
import { and } from './formula';
import { KeyVariable } from './key-variable';

/** Caps of one query. */
export interface QueryLimits {
  /** States of a determinised union of patterns. @default 200000 */
  readonly states?: number;
  /** Conflicts of the search. @default 50000 */
  readonly conflicts?: number;
}

/** Values of the keys of one request; lists for keys that hold lists. */
export type Assignment = ReadonlyMap<KeyVariable, string | readonly string[]>;

/** An unsatisfiable set of clauses with the clauses that were learned: a proof that can be checked. */
export interface Refutation {
  readonly clauses: readonly (readonly Literal[])[];
  readonly learned: readonly (readonly Literal[])[];
}

/** Answer to a query. */
export type QueryAnswer =
  | { readonly answer: 'NONE'; readonly refutation: Refutation }
  /** `coarse`: some patterns were left open, so a finer look may find that this is none. */
  | { readonly answer: 'FOUND'; readonly assignment: Assignment; readonly coarse: boolean }
  | { readonly answer: 'LIMIT'; readonly reason: string };

/** The classes of a key's values, and the predicates that they say nothing about: those can hold or not as it suits. */
export interface Partition {
  readonly classes: readonly ValueClass[];
  readonly free: ReadonlySet<number>;
}

/** Partitions that were computed before, by key and predicates. */
export type ClassCache = Map<string, Partition>;

const MAX_CACHED = 4000;

/** "Is there a request such that …": collects the keys that a formula speaks of and decides it. */
export class Query {
  private readonly variables = new Map<string, KeyVariable>();
  private readonly shapes = new Map<string, { shape: Shape; hints: readonly string[] }>();

  constructor(
    private readonly limits: QueryLimits = {},
    private readonly cache: ClassCache = new Map(),
  ) {}

  /** The unknown for a condition key. */
  key(name: string, display = name): KeyVariable {
    const known = this.variables.get(name);
    if (known !== undefined) return known;
    return this.declare(name, display, {
      list: holdsList(name),
      alwaysPresent: ALWAYS_PRESENT.has(name),
      shape: shapeOf(name),
      hints: hintsOf(name),
    });
  }

  /** The unknown of a key if anything has spoken of it yet. */
  known(name: string): KeyVariable | undefined {
    return this.variables.get(name);
  }

  /** All unknowns. */
  all(): Iterable<KeyVariable> {
    return this.variables.values();
  }

  /** An unknown with a shape of its own: the action, the resource. */
  declare(
    name: string,
    display: string,
    traits: { list: boolean; alwaysPresent: boolean; shape: Shape; hints: readonly string[]; share?: ShapeShare },
  ): KeyVariable {
    const variable = new KeyVariable(name, display, traits.list, traits.alwaysPresent, traits.share);
    this.variables.set(name, variable);
    this.shapes.set(name, { shape: traits.shape, hints: traits.hints });
    return variable;
  }

  /**
   * Decides a formula. `excluded`: assignments that are not wanted any more.
   *
   * `coarse`: patterns whose combinations are many are left open, which is cheap. What is impossible then is impossible.
   */
  decide(formula: Formula, excluded: readonly Assignment[] = [], coarse = false): QueryAnswer {
    if (formula === false) return { answer: 'NONE', refutation: { clauses: [[]], learned: [[]] } };
    const compiled = this.compile(formula, coarse);
    if (typeof compiled === 'string') return { answer: 'LIMIT', reason: compiled };
    for (const assignment of excluded) compiled.exclude(assignment);
    const { clauses } = compiled.cnf;
    const result = solve(compiled.cnf, this.limits.conflicts);
    switch (result.outcome) {
      case 'UNSAT':
        return { answer: 'NONE', refutation: { clauses, learned: result.learned } };
      case 'LIMIT':
        return { answer: 'LIMIT', reason: `the search gave up after ${result.conflicts} conflicts` };
      case 'SAT':
        return { answer: 'FOUND', assignment: compiled.read(result), coarse: coarse && compiled.open };
    }
  }

  /**
   * True if a formula is impossible whatever texts there are: what is said of texts may hold or not as it suits, as far as their classes
   * are not known yet. Most of what is impossible is so, and it is told without them. `false` says nothing.
   */
  isPlainlyImpossible(formula: Formula): boolean {
    if (typeof formula === 'boolean') return !formula;
    const compiler = new Compiler();
    for (const variable of this.variables.values()) {
      const known = this.classesAtHand(variable);
      compiler.declare(variable, known ?? openPartition(variable), known === undefined);
    }
    compiler.assert(formula);
    return solve(compiler.cnf, this.limits.conflicts).outcome === 'UNSAT';
  }

  private compile(formula: Formula, coarse: boolean): Compiler | string {
    const compiler = new Compiler();
    for (const variable of this.variables.values()) {
      const partition = this.classes(variable, coarse);
      if (typeof partition === 'string') return partition;
      compiler.declare(variable, partition);
    }
    compiler.assert(and(formula));
    return compiler;
  }

  /** Classes that are known, or soon found. */
  private classesAtHand(variable: KeyVariable): Partition | undefined {
    const { shape } = this.shapes.get(variable.name) ?? { shape: undefined };
    const predicates = variable.unified();
    const isShort = predicates.length === 0 || predicates[0].kind !== 'TEXT' || (shape !== undefined && 'values' in shape);
    const found = isShort ? this.classes(variable, true) : this.cache.get(this.keyOf(variable, predicates, true));
    return typeof found === 'string' ? undefined : found;
  }

  private keyOf({ name }: KeyVariable, predicates: readonly Predicate[], coarse: boolean): string {
    const { shape, hints } = this.shapes.get(name) ?? { shape: undefined, hints: [] };
    return `${coarse ? '~' : ''}${name} ${numberOf(shapeKey(shape))} ${hints.length} ${numberOf(hints[0] ?? '')} ${predicates.map(idOf).join()}`;
  }

  private classes(variable: KeyVariable, coarse = false): Partition | string {
    const { shape, hints } = this.shapes.get(variable.name) ?? { shape: undefined, hints: [] };
    const predicates = variable.unified();
    const key = this.keyOf(variable, predicates, coarse);
    const cached = this.cache.get(key);
    if (cached !== undefined) return cached;
    const found = this.partition(predicates, shape, hints, coarse);
    if (found === undefined)
      return `the patterns of ${variable.display} have too many combinations (more than ${this.limits.states ?? MAX_STATES} states)`;
    if (this.cache.size >= MAX_CACHED) this.cache.clear();
    this.cache.set(key, found);
    return found;
  }

  /**
   * Predicates of another kind than the first are left free, and patterns with text behind a wildcard are when all together have too many
   * combinations: that allows more requests, never fewer, and a request that is none does not stand up to the second evaluator.
   */
  private partition(predicates: readonly Predicate[], shape: Shape, hints: readonly string[], coarse: boolean): Partition | undefined {
    const main = predicates.flatMap((p, i) => (p.kind === predicates[0].kind ? [i] : []));
    const plain = main.filter((i) => !hasTextBehindWildcard(predicates[i]));
    const all = this.limits.states ?? MAX_STATES;
    const whole = plain.length < main.length ? Math.min(all, MANY_STATES) : all;
    const attempts = [[main, whole] as const, ...(plain.length < main.length ? [[plain, all] as const] : [])];
    if (coarse && main.length - plain.length > FEW_OPEN) attempts.shift();
    for (const [kept, states] of attempts) {
      const found = valueClasses(kept.map((i) => predicates[i]), shape, hints, states);
      if (!isFound(found)) continue;
      const classes = kept.length === predicates.length ? found : renumber(found, kept);
      return { classes, free: new Set(predicates.flatMap((_p, i) => (kept.includes(i) ? [] : [i]))) };
    }
    return undefined;
  }
}

/** States of a query. */
const MAX_STATES = 200_000;
/** States after which patterns with text behind a wildcard are left free; their combinations can double with each. */
const MANY_STATES = 10_000;
/** So many of them are no trouble, also when a coarse answer would do. */
const FEW_OPEN = 2;

function isFound(found: readonly ValueClass[] | TooManyStates): found is readonly ValueClass[] {
  return Array.isArray(found);
}

function hasTextBehindWildcard(predicate: Predicate): boolean {
  if (predicate.kind !== 'TEXT') return false;
  const { tokens } = predicate.pattern;
  const star = tokens.findIndex((t) => t.kind === 'MANY');
  return star >= 0 && star < tokens.length - 1;
}

/** One class for all values, of which nothing is known. */
function openPartition(variable: KeyVariable): Partition {
  return { classes: [{ value: '', satisfied: new Set() }], free: new Set(variable.unified().keys()) };
}

const shapeKeys = new WeakMap<object, string>();

function shapeKey(shape: Shape): string {
  if (shape === undefined) return '';
  let key = shapeKeys.get(shape);
  if (key === undefined) {
    key = 'values' in shape ? `=${shape.values.join('|')}` : `~${shape.required.map((p) => p.key).join('|')}`;
    shapeKeys.set(shape, key);
  }
  return key;
}

const numbers = new Map<string, number>();
let last = 0;

/** A number of its own for each text: lists of them are keys that are soon compared. */
function numberOf(text: string): number {
  let number = numbers.get(text);
  if (number === undefined) {
    number = ++last;
    // No number comes twice: what was forgotten is found anew under another one.
    if (numbers.size >= MAX_NUMBERED) numbers.clear();
    numbers.set(text, number);
  }
  return number;
}

const MAX_NUMBERED = 100_000;

const ids = new WeakMap<Predicate, number>();

function idOf(predicate: Predicate): number {
  let id = ids.get(predicate);
  if (id === undefined) ids.set(predicate, (id = numberOf(predicate.key)));
  return id;
}

function renumber(classes: readonly ValueClass[], indexes: readonly number[]): ValueClass[] {
  return classes.map((c) => ({ value: c.value, satisfied: new Set([...c.satisfied].map((i) => indexes[i])) }));
}

interface Declared {
  readonly classes: readonly ValueClass[];
  readonly literals: readonly Literal[];
  readonly free: Map<number, Literal>;
}

/** Turns keys and formula into clauses: a literal per class of values, and one per sub-formula. */
class Compiler {
  readonly cnf = new Cnf();
  private readonly declared = new Map<KeyVariable, Declared>();
  private readonly literals = new Map<Operation, Literal>();
  /** Some predicates can hold or not as it suits. */
  open = false;

  /** @param bound what holds of a value says that there is one */
  declare(variable: KeyVariable, { classes, free: open }: Partition, bound = false): void {
    const literals = classes.map(() => this.cnf.variable());
    const free = new Map([...open].map((i) => [i, this.cnf.variable()]));
    if (free.size > 0) this.open = true;
    if (bound) for (const literal of free.values()) this.cnf.add(-literal, ...literals);
    this.declared.set(variable, { classes, literals, free });
    if (!variable.list) this.cnf.atMostOne(literals);
    if (variable.alwaysPresent) this.cnf.add(...literals);
  }

  assert(formula: Formula): void {
    if (formula === true) return;
    if (formula === false) this.cnf.add();
    else if (formula.op === 'AND') formula.items.forEach((item) => this.assert(item));
    else if (formula.op === 'OR') this.cnf.add(...formula.items.map((item) => this.literal(item)));
    else this.cnf.add(this.literal(formula));
  }

  exclude(assignment: Assignment): void {
    const clause: Literal[] = [];
    for (const [variable, { classes, literals }] of this.declared) {
      const value = assignment.get(variable);
      const values = value === undefined ? [] : typeof value === 'string' ? [value] : value;
      classes.forEach((c, i) => clause.push(values.includes(c.value) ? -literals[i] : literals[i]));
    }
    this.cnf.add(...clause);
  }

  read(result: SatResult & { outcome: 'SAT' }): Assignment {
    const assignment = new Map<KeyVariable, string | readonly string[]>();
    for (const [variable, { classes, literals }] of this.declared) {
      const values = classes.filter((_c, i) => result.holds(literals[i])).map((c) => c.value);
      if (values.length > 0) assignment.set(variable, variable.list ? values : values[0]);
    }
    return assignment;
  }

  private literal(operation: Operation): Literal {
    if (operation.op === 'NOT') return -this.literal(operation.item);
    const known = this.literals.get(operation);
    if (known !== undefined) return known;
    const literal =
      operation.op === 'ATOM'
        ? this.atom(operation.atom)
        : operation.op === 'OR'
          ? this.cnf.either(operation.items.map((item) => this.literal(item)))
          : -this.cnf.either(operation.items.map((item) => -this.literal(item)));
    this.literals.set(operation, literal);
    return literal;
  }

  private atom({
    variable,
    predicates,
    complement,
  }: {
    variable: KeyVariable;
    predicates?: readonly number[];
    complement: boolean;
  }): Literal {
    const { classes, literals, free } = this.declared.get(variable) as Declared;
    // Which elements fail all of them is open when one of them is.
    if (complement && predicates?.some((p) => free.has(p))) return this.cnf.variable();
    const chosen = classes.flatMap((c, i) => {
      const satisfied = predicates === undefined || predicates.some((p) => c.satisfied.has(p));
      return satisfied !== complement ? [literals[i]] : [];
    });
    const present = [...(predicates ?? [])].flatMap((p) => (free.has(p) ? [free.get(p) as Literal] : []));
    const all = [...chosen, ...present];
    return all.length === 0 ? this.never() : this.cnf.either(all);
  }

  private never(): Literal {
    const literal = this.cnf.variable();
    this.cnf.add(-literal);
    return literal;
  }
}
