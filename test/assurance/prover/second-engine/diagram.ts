import type { Formula } from '../../../../lib/assurance/prover/encoder/formula';
import type { KeyVariable } from '../../../../lib/assurance/prover/encoder/key-variable';
import type { Assignment, Partition } from '../../../../lib/assurance/prover/encoder/query';

/** A node asks for the class of one key: one branch per class and, where the key may be missing, a last one. Equal nodes are one object. */
export type Node = boolean | { readonly level: number; readonly branches: readonly Node[] };

/** A key with its classes, as a level of a diagram. */
export interface Level {
  readonly variable: KeyVariable;
  readonly partition: Partition;
}

/**
 * Decides formulas over keys with one value by a decision diagram: no clauses, no search, no code of the solver.
 *
 * It can be slow where many keys depend on each other; it decides what it can within a number of nodes.
 */
export class Diagram {
  private readonly numbers = new Map<KeyVariable, number>();
  private readonly nodes = new Map<string, Node>();
  private readonly ids = new Map<Node, number>([
    [false, 0],
    [true, 1],
  ]);
  private readonly built = new Map<Formula, Node>();
  private readonly joined = new Map<string, Node>();

  constructor(
    private readonly levels: readonly Level[],
    private readonly maxNodes = 200_000,
  ) {
    levels.forEach(({ variable }, level) => this.numbers.set(variable, level));
  }

  /** True if a diagram can be made: every key holds one value and no predicate is left open. */
  static canDecide(levels: readonly Level[]): boolean {
    return levels.every(({ variable, partition }) => !variable.list && partition.free.size === 0);
  }

  /** The diagram of a formula: `false` when nothing satisfies it. */
  of(formula: Formula): Node {
    if (typeof formula === 'boolean') return this.levels.some((l) => this.width(l) === 0) ? false : formula;
    const known = this.built.get(formula);
    if (known !== undefined) return known;
    const node = this.build(formula);
    this.built.set(formula, node);
    return node;
  }

  /** Whether an assignment lies in a diagram. */
  holds(node: Node, assignment: Assignment): boolean {
    let at = node;
    while (typeof at !== 'boolean') {
      const { variable, partition } = this.levels[at.level];
      const value = assignment.get(variable);
      const branch = value === undefined ? partition.classes.length : partition.classes.findIndex((c) => c.value === value);
      at = at.branches[branch] ?? false;
    }
    return at;
  }

  private build(formula: Exclude<Formula, boolean>): Node {
    switch (formula.op) {
      case 'NOT':
        return this.join(this.of(formula.item), true, (a) => !a);
      case 'AND':
        return formula.items.reduce<Node>((sum, item) => this.join(sum, this.of(item), (a, b) => a && b, '&'), true);
      case 'OR':
        return formula.items.reduce<Node>((sum, item) => this.join(sum, this.of(item), (a, b) => a || b, '|'), false);
      case 'ATOM': {
        const { variable, predicates, complement } = formula.atom;
        const level = this.numbers.get(variable);
        if (level === undefined) throw new Error(`the key ${variable.name} is no level of the diagram`);
        const { classes } = this.levels[level].partition;
        const branches: Node[] = classes.map((c) => (predicates === undefined || predicates.some((p) => c.satisfied.has(p))) !== complement);
        return this.node(level, variable.alwaysPresent ? branches : [...branches, false]);
      }
    }
  }

  private join(a: Node, b: Node, decide: (a: boolean, b: boolean) => boolean, name = '!'): Node {
    if (typeof a === 'boolean' && typeof b === 'boolean') return decide(a, b);
    const key = `${name}${this.id(a)},${this.id(b)}`;
    const known = this.joined.get(key);
    if (known !== undefined) return known;
    const level = Math.min(...[a, b].map((n) => (typeof n === 'boolean' ? Infinity : n.level)));
    const branch = (n: Node, i: number): Node => (typeof n === 'boolean' || n.level !== level ? n : n.branches[i]);
    const branches = Array.from({ length: this.width(this.levels[level]) }, (_, i) => this.join(branch(a, i), branch(b, i), decide, name));
    const node = this.node(level, branches);
    this.joined.set(key, node);
    return node;
  }

  private width({ variable, partition }: Level): number {
    return partition.classes.length + (variable.alwaysPresent ? 0 : 1);
  }

  private node(level: number, branches: readonly Node[]): Node {
    if (branches.length === 0) return false;
    if (branches.every((b) => b === branches[0])) return branches[0];
    const key = `${level}:${branches.map((b) => this.id(b)).join()}`;
    const known = this.nodes.get(key);
    if (known !== undefined) return known;
    if (this.nodes.size >= this.maxNodes) throw new RangeError('the diagram has too many nodes');
    const node: Node = { level, branches };
    this.nodes.set(key, node);
    return node;
  }

  private id(node: Node): number {
    let id = this.ids.get(node);
    if (id === undefined) this.ids.set(node, (id = this.ids.size));
    return id;
  }
}
