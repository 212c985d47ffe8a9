import type { TooManyStates} from '../glob/partition';
import { partition } from '../glob/partition';
import type { Pattern} from '../glob/pattern';
import { globPattern, matches } from '../glob/pattern';
import { addressText, lastAddress } from './address';
import type { Predicate} from './predicate';
import { satisfies } from './predicate';

/** Values that no predicate of a query can tell apart, with one of them. */
export interface ValueClass {
  readonly value: string;
  /** Indexes of the predicates that it satisfies. */
  readonly satisfied: ReadonlySet<number>;
}

/** What a value of a key can be at all. */
export type Shape =
  /** Only these values. */
  | { readonly values: readonly string[] }
  /** Any text that one of these patterns accepts. */
  | { readonly required: readonly Pattern[] }
  | undefined;

/**
 * The classes of values of a key that a list of predicates can tell apart.
 *
 * All predicates are of one kind. `hints` are readable values that are preferred as members of their class.
 */
export function valueClasses(
  predicates: readonly Predicate[],
  shape: Shape,
  hints: readonly string[],
  maxStates: number,
): readonly ValueClass[] | TooManyStates {
  const kind = predicates[0]?.kind;
  if (shape !== undefined && 'values' in shape) return distinct(shape.values, predicates);
  if (kind === 'TRUTH') return distinct(['true', 'false'], predicates);
  if (kind === 'NUMBER') return distinct(points(predicates, 1).map(String), predicates);
  if (kind === 'DATE')
    return distinct(
      points(predicates, 1000).map((ms) => new Date(clampDate(ms)).toISOString()),
      predicates,
    );
  if (kind === 'ADDRESS') return distinct(addresses(predicates), predicates);
  return textClasses(predicates, shape, hints, maxStates);
}

function textClasses(
  predicates: readonly Predicate[],
  shape: Shape,
  hints: readonly string[],
  maxStates: number,
): readonly ValueClass[] | TooManyStates {
  const patterns: Pattern[] = predicates.map((p) => (p.kind === 'TEXT' ? p.pattern : globPattern([])));
  const required = shape !== undefined && 'required' in shape ? shape.required : [];
  const found = partition(patterns, maxStates, required);
  if (!Array.isArray(found)) return found;
  const classes = new Map<string, ValueClass>();
  for (const { witness, accepted } of found) classes.set(accepted.join(), { value: witness, satisfied: new Set(accepted) });
  const wanted = hints.length * patterns.length < MAX_HINT_TESTS ? hints : [];
  for (const hint of [...wanted].reverse()) {
    if (required.length > 0 && !required.some((p) => matches(p, hint))) continue;
    const satisfied = indexesSatisfied(predicates, hint);
    const known = classes.get(satisfied.join());
    if (known !== undefined) classes.set(satisfied.join(), { value: hint, satisfied: known.satisfied });
  }
  return [...classes.values()];
}

const MAX_HINT_TESTS = 20_000;

function distinct(values: readonly string[], predicates: readonly Predicate[]): ValueClass[] {
  const classes = new Map<string, ValueClass>();
  for (const value of values) {
    const satisfied = indexesSatisfied(predicates, value);
    const key = satisfied.join();
    if (!classes.has(key)) classes.set(key, { value, satisfied: new Set(satisfied) });
  }
  return [...classes.values()];
}

function indexesSatisfied(predicates: readonly Predicate[], value: string): number[] {
  return predicates.flatMap((p, i) => (satisfies(p, value) ? [i] : []));
}

/** Each constant, and a point in each gap between and around them. */
function points(predicates: readonly Predicate[], margin: number): number[] {
  const constants = [...new Set(predicates.flatMap((p) => (p.kind === 'NUMBER' || p.kind === 'DATE' ? [p.value] : [])))].sort(
    (a, b) => a - b,
  );
  if (constants.length === 0) return [0];
  const between = constants.slice(1).map((c, i) => (c + constants[i]) / 2);
  return [...constants, Math.floor(constants[0]) - margin, Math.ceil(constants[constants.length - 1]) + margin, ...between];
}

/** The range that dates can be written in. */
function clampDate(ms: number): number {
  return Math.min(Math.max(ms, 0), 253402300799000);
}

/** Readable addresses first, then the first address of each gap, for both families. */
function addresses(predicates: readonly Predicate[]): string[] {
  const texts = ['198.51.100.7', '203.0.113.9', '10.0.0.5', '2001:db8::7'];
  for (const family of [4, 6] as const) {
    const edges = new Set<bigint>([0n]);
    for (const p of predicates) {
      if (p.kind !== 'ADDRESS' || p.range.family !== family) continue;
      edges.add(p.range.from);
      if (p.range.to < lastAddress(family)) edges.add(p.range.to + 1n);
    }
    texts.push(...[...edges].map((bits) => addressText({ family, bits })));
  }
  return texts;
}
