import type { CharacterSet, Pattern, Token } from './pattern';
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
  const seen = new Map<string, { from: string | undefined; char: string }>([[machine.keyOf(start), { from: undefined, char: '' }]]);
  const classes = new Map<string, TextClass>();
  let frontier: number[][] = [start];
  while (frontier.length > 0) {
    const next: number[][] = [];
    for (const state of frontier) {
      const key = machine.keyOf(state);
      const accepted = machine.accepted(state);
      const classKey = accepted?.join();
      if (accepted !== undefined && classKey !== undefined && !classes.has(classKey))
        classes.set(classKey, { witness: spell(seen, key), accepted });
      for (const [char, successor] of machine.successors(state)) {
        if (!machine.alive(successor)) continue;
        const successorKey = machine.keyOf(successor);
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
    const required = patterns.slice(asked);
    patterns.forEach((pattern, owner) => {
      // A pattern that no permitted text begins like says no to all of them.
      if (owner < asked && this.restricted && !required.some((r) => canMeet(pattern, r))) return;
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

  /** A text of its own for each state. */
  keyOf(state: readonly number[]): string {
    // One character per position: most of the work is telling states apart.
    return this.tokens.length < MAX_CHARACTER && state.length < MAX_ARGUMENTS ? String.fromCharCode(...state) : state.join();
  }

  /** Characters that lead to different states with where they lead: those named at the active positions and one of each other kind. */
  successors(state: readonly number[]): [string, number[]][] {
    const named = new Map<string, number[]>();
    const folded: [string, number][] = [];
    const sets: number[] = [];
    const kinds = new Set<CharacterSet>();
    const put = (char: string, to?: number): void => {
      const list = named.get(char);
      if (list === undefined) named.set(char, to === undefined ? [] : [to]);
      else if (to !== undefined) list.push(to);
    };
    for (const at of state) {
      const token = this.tokens[at];
      if (token === undefined) continue;
      if (token.kind !== 'CHAR') {
        sets.push(at);
        kinds.add(token.set);
      } else if (token.fold) {
        put(token.char);
        put(token.char.toUpperCase());
        folded.push([token.char, at + 1]);
      } else put(token.char, at + 1);
    }
    for (const [char, to] of folded) for (const c of new Set([char, char.toUpperCase()])) insert(named.get(c) as number[], to);
    const chars = [...named.keys(), ...this.others(named, kinds)];
    return chars.map((char) => [char, this.close(this.moved(sets, char), named.get(char) ?? [])]);
  }

  /** One character of each kind that the active sets tell apart, none of them named. */
  private others(named: ReadonlyMap<string, unknown>, kinds: ReadonlySet<CharacterSet>): string[] {
    // Only named characters lead on; one other leads to the state in which nothing is active.
    if (kinds.size === 0) return this.restricted ? [] : [OTHERS.find((c) => !named.has(c)) ?? '\u00a7'];
    const plain = kinds.size === 1 && kinds.has('ANY');
    const free: string[] = [];
    for (const kind of KINDS) {
      for (const char of kind) {
        if (named.has(char)) continue;
        free.push(char);
        break;
      }
      if (plain && free.length > 0) break;
    }
    return free;
  }

  /** Where positions at sets are after a character; ascending as they are. */
  private moved(sets: readonly number[], char: string): number[] {
    const next: number[] = [];
    for (const at of sets) {
      const token = this.tokens[at];
      if (token !== undefined && accepts(token, char)) next.push(token.kind === 'MANY' ? at : at + 1);
    }
    return next;
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

  /** Two ascending lists in one, with the positions that a star can be skipped to. */
  private close(a: readonly number[], b: readonly number[] = []): number[] {
    const all: number[] = [];
    let last = -1;
    let [i, j] = [0, 0];
    while (i < a.length || j < b.length) {
      let at = j >= b.length || (i < a.length && a[i] <= b[j]) ? a[i++] : b[j++];
      // What lies at or before the last position came with it.
      if (at <= last) continue;
      all.push(at);
      while (this.tokens[at]?.kind === 'MANY') all.push(++at);
      last = at;
    }
    return all;
  }
}

/** False when the fixed beginnings of two patterns differ. */
function canMeet(a: Pattern, b: Pattern): boolean {
  const length = Math.min(a.tokens.length, b.tokens.length);
  for (let i = 0; i < length; i++) {
    const [x, y] = [a.tokens[i], b.tokens[i]];
    if (x.kind === 'MANY' || y.kind === 'MANY') return true;
    if (x.kind === 'CHAR' && !x.fold ? !accepts(y, x.char) : y.kind === 'CHAR' && !y.fold && !accepts(x, y.char)) return false;
  }
  return true;
}

function insert(sorted: number[], value: number): void {
  const at = sorted.findIndex((v) => v > value);
  sorted.splice(at < 0 ? sorted.length : at, 0, value);
}

const MAX_CHARACTER = 65_536;
/** Arguments of one call; far below what a stack holds. */
const MAX_ARGUMENTS = 4096;
const LETTERS = [...'abcdefghijklmnopqrstuvwxyz'];
const OTHERS = [...'_.~@+=,ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
/** Kinds of characters that the sets tell apart. */
const KINDS: readonly (readonly string[])[] = [LETTERS, [...'0123456789'], ['-'], ['/'], [':'], OTHERS];
