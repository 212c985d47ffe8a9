import type { Predicate} from '../domain/predicate';
import { exactly } from '../domain/predicate';
import type { ShapeShare } from '../domain/shape-share';
import type { Formula} from './formula';
import { not } from './formula';

/** A proposition about one key: it is there, or its value satisfies one of some predicates. */
export interface Atom {
  readonly variable: KeyVariable;
  /** Undefined: the key is there. */
  readonly predicates?: readonly number[];
  /** For lists: some element satisfies none of the predicates. */
  readonly complement: boolean;
}

/** A condition key, the action or the resource, as the unknown of a query. */
export class KeyVariable {
  readonly predicates: Predicate[] = [];
  private readonly indexes = new Map<string, number>();
  private readonly atoms = new Map<string, Formula>();

  constructor(
    /** Lower case. */
    readonly name: string,
    /** As first written. */
    readonly display: string,
    /** Holds a list: several classes can be present at once. */
    readonly list: boolean,
    readonly alwaysPresent: boolean,
    /** Tells which predicates no value, or every value, can satisfy: they need no place in a query. @default - nothing is known */
    private readonly share?: ShapeShare,
  ) {}

  /** The key is there. */
  present(): Formula {
    return this.alwaysPresent ? true : this.atom({ variable: this, complement: false }, 'present');
  }

  /** The key is there and its value (for a list: some element) satisfies one of the predicates. */
  some(predicates: readonly Predicate[]): Formula {
    const telling = this.share === undefined ? predicates : this.share.telling(predicates);
    if (telling === 'ALL') return this.present();
    if (telling.length === 0) return false;
    const indexes = this.indexesOf(telling);
    return this.atom({ variable: this, predicates: indexes, complement: false }, `+${indexes.join()}`);
  }

  /** For a list: some element satisfies none of the predicates. */
  someOther(predicates: readonly Predicate[]): Formula {
    if (predicates.length === 0) return this.present();
    const indexes = this.indexesOf(predicates);
    return this.atom({ variable: this, predicates: indexes, complement: true }, `-${indexes.join()}`);
  }

  /** The key is not there. */
  absent(): Formula {
    return not(this.present());
  }

  /** Predicates of one kind where that is possible: truth values are texts when texts are asked for as well. */
  unified(): readonly Predicate[] {
    const kinds = new Set(this.predicates.map((p) => p.kind));
    return kinds.size > 1 && kinds.has('TEXT')
      ? this.predicates.map((p) => (p.kind === 'TRUTH' ? exactly(p.value, true) : p))
      : this.predicates;
  }

  private indexesOf(predicates: readonly Predicate[]): number[] {
    if (predicates.length === 1) return [this.indexOf(predicates[0])];
    return [...new Set(predicates.map((predicate) => this.indexOf(predicate)))].sort((a, b) => a - b);
  }

  private indexOf(predicate: Predicate): number {
    let index = this.indexes.get(predicate.key);
    if (index === undefined) {
      index = this.predicates.push(predicate) - 1;
      this.indexes.set(predicate.key, index);
    }
    return index;
  }

  private atom(atom: Atom, key: string): Formula {
    const known = this.atoms.get(key);
    if (known !== undefined) return known;
    const formula: Formula = { op: 'ATOM', atom };
    this.atoms.set(key, formula);
    return formula;
  }
}
