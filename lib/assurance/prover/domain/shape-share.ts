import { overlap } from '../glob/overlap';
import type { Shape } from './key-domain';
import type { Predicate } from './predicate';
import { satisfies } from './predicate';

/** How many of some values are meant. */
export type Share = 'ALL' | 'NONE' | 'SOME';

/** How many of the values that a shape permits satisfy a predicate; what it cannot tell is `SOME`. */
export class ShapeShare {
  private readonly known = new Map<string, Share>();

  private readonly tellings = new WeakMap<readonly Predicate[], readonly Predicate[] | 'ALL'>();

  constructor(readonly shape: Shape) {}

  /** The predicates that some values satisfy and others do not; `ALL` when one of them is satisfied by every value. */
  telling(predicates: readonly Predicate[]): readonly Predicate[] | 'ALL' {
    let telling = this.tellings.get(predicates);
    if (telling === undefined) {
      telling = predicates.some((p) => this.of(p) === 'ALL') ? 'ALL' : predicates.filter((p) => this.of(p) !== 'NONE');
      this.tellings.set(predicates, telling);
    }
    return telling;
  }

  of(predicate: Predicate): Share {
    let share = this.known.get(predicate.key);
    if (share === undefined) {
      share = this.shareOf(predicate);
      if (this.known.size >= MAX_KNOWN) this.known.clear();
      this.known.set(predicate.key, share);
    }
    return share;
  }

  private shareOf(predicate: Predicate): Share {
    const { shape } = this;
    if (shape !== undefined && 'values' in shape) {
      const count = shape.values.filter((value) => satisfies(predicate, value)).length;
      return count === 0 ? 'NONE' : count === shape.values.length ? 'ALL' : 'SOME';
    }
    if (isAnything(predicate)) return 'ALL';
    if (shape === undefined || predicate.kind !== 'TEXT') return 'SOME';
    return shape.required.some((pattern) => overlap(predicate.pattern, pattern)) ? 'SOME' : 'NONE';
  }
}

/** A lone `*`: what it says is that there is a value. */
function isAnything(predicate: Predicate): boolean {
  if (predicate.kind !== 'TEXT') return false;
  const { tokens } = predicate.pattern;
  return tokens.length === 1 && tokens[0].kind === 'MANY' && tokens[0].set === 'ANY';
}

const MAX_KNOWN = 10_000;
