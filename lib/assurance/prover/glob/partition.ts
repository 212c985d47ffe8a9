import type { Pattern, Token} from './pattern';
import { accepts } from './pattern';

/** Texts that the same patterns accept, with one of them. */
export interface TextClass {
  readonly witness: string;
  /** Indexes of the patterns that accept it, ascending. */
  readonly accepted: readonly number[];
}

/** Thrown away by the caller as "undetermined": the patterns have too many distinct combinations. */
export interface TooManyStates {
  readonly states: number;
}

/**
 * Splits all texts into the classes that a list of patterns can tell apart, by determinising the union of the patterns.
 *
 * Each class comes with its shortest text. With `required`, only texts that one of these patterns accepts are looked at.
 */
export function partition(patterns: readonly Pattern[], maxStates: number, required: readonly Pattern[] = []): TextClass[] | TooManyStates {
  const machine = new Machine([...patterns, ...required], patterns.length);
  const start = machine.start();
  const seen = new Map<string, { from: string | undefined; char: string }>([[start.join(), { from: undefined, char: '' }]]);
  const classes = new Map<string, TextClass>();
  let frontier: number[][] = [start];
  while (frontier.length > 0) {
    const next: number[][] = [];
    for (const state of frontier) {
      const key = state.join();
      const accepted = machine.accepted(state);
      const classKey = accepted?.join();
      if (accepted !== undefined && classKey !== undefined && !classes.has(classKey))
        classes.set(classKey, { witness: spell(seen, key), accepted });
      for (const char of machine.alphabet(state)) {
        const successor = machine.step(state, char);
        if (!machine.alive(successor)) continue;
        const successorKey = successor.join();
        if (seen.has(successorKey)) continue;
        seen.set(successorKey, { from: key, char });
        if (seen.size > maxStates) return { states: seen.size };
        next.push(successor);
      }
    }
    frontier = next;
  }
  return [...classes.values()];
}

function spell(seen: ReadonlyMap<string, { from: string | undefined; char: string }>, key: string): string {
  const chars: string[] = [];
  for (let at = seen.get(key); at?.from !== undefined; at = seen.get(at.from)) chars.push(at.char);
  return chars.reverse().join('');
}

/** All patterns side by side: a state is the sorted list of the positions that are active in any of them. */
class Machine {
  private readonly tokens: (Token | undefined)[] = [];
  private readonly owner: number[] = [];
  private readonly starts: number[] = [];
  private readonly restricted: boolean;

  /** Patterns from `asked` on are required: one of them must accept. */
  constructor(
    patterns: readonly Pattern[],
    private readonly asked: number,
  ) {
    this.restricted = patterns.length > asked;
    patterns.forEach((pattern, owner) => {
      this.starts.push(this.tokens.length);
      for (const token of pattern.tokens) {
        this.tokens.push(token);
        this.owner.push(owner);
      }
      // The position behind the last token is the accepting one.
      this.tokens.push(undefined);
      this.owner.push(owner);
    });
  }

  start(): number[] {
    return this.close(this.starts);
  }

  step(state: readonly number[], char: string): number[] {
    const next: number[] = [];
    for (const at of state) {
      const token = this.tokens[at];
      if (token !== undefined && accepts(token, char)) next.push(token.kind === 'MANY' ? at : at + 1);
    }
    return this.close(next);
  }

  /** Characters that lead to different states: those named at the active positions and one of each remaining kind. */
  alphabet(state: readonly number[]): Iterable<string> {
    const chars = new Set<string>();
    let sets = false;
    for (const at of state) {
      const token = this.tokens[at];
      if (token === undefined) continue;
      if (token.kind !== 'CHAR') sets = true;
      else {
        chars.add(token.char);
        if (token.fold) chars.add(token.char.toUpperCase());
      }
    }
    if (!sets) {
      // Only named characters lead on; one other leads to the state in which nothing is active.
      chars.add(OTHERS.find((c) => !chars.has(c)) ?? '\u00a7');
      return chars;
    }
    for (const kind of KINDS) {
      const free = kind.find((c) => !chars.has(c));
      if (free !== undefined) chars.add(free);
    }
    return chars;
  }

  /** Patterns that accept here; undefined when a required one does not. */
  accepted(state: readonly number[]): number[] | undefined {
    const owners: number[] = [];
    let required = !this.restricted;
    for (const at of state) {
      if (this.tokens[at] !== undefined) continue;
      if (this.owner[at] < this.asked) owners.push(this.owner[at]);
      else required = true;
    }
    return required ? owners : undefined;
  }

  /** False when no required pattern can accept any more. Positions are sorted, so the last one tells. */
  alive(state: readonly number[]): boolean {
    return !this.restricted || (state.length > 0 && this.owner[state[state.length - 1]] >= this.asked);
  }

  private close(positions: readonly number[]): number[] {
    const all: number[] = [];
    for (let at of positions) {
      all.push(at);
      while (this.tokens[at]?.kind === 'MANY') all.push(++at);
    }
    all.sort((a, b) => a - b);
    let kept = 0;
    for (let i = 0; i < all.length; i++) if (i === 0 || all[i] !== all[i - 1]) all[kept++] = all[i];
    all.length = kept;
    return all;
  }
}

const LETTERS = [...'abcdefghijklmnopqrstuvwxyz'];
const OTHERS = [...'_.~@+=,ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
/** Kinds of characters that the sets tell apart. */
const KINDS: readonly (readonly string[])[] = [LETTERS, [...'0123456789'], ['-'], ['/'], [':'], OTHERS];
