import type { Pattern} from '../glob/pattern';
import { globPattern, matches } from '../glob/pattern';
import type { AddressRange} from './address';
import { addressOf } from './address';

/** How two numbers or points in time are compared. */
export type Comparison = 'EQUAL' | 'LESS' | 'LESS_OR_EQUAL' | 'GREATER' | 'GREATER_OR_EQUAL';

/** A test of one value of a condition key. `key` is equal for equal predicates. */
export type Predicate =
  | { readonly kind: 'TEXT'; readonly key: string; readonly pattern: Pattern }
  | { readonly kind: 'TRUTH'; readonly key: string; readonly value: 'true' | 'false' }
  | { readonly kind: 'NUMBER' | 'DATE'; readonly key: string; readonly comparison: Comparison; readonly value: number }
  | { readonly kind: 'ADDRESS'; readonly key: string; readonly range: AddressRange };

/** A predicate over texts. */
export function textPredicate(pattern: Pattern): Predicate {
  return { kind: 'TEXT', key: `t${pattern.key}`, pattern };
}

/** A predicate that one text satisfies. */
export function exactly(text: string, fold = false): Predicate {
  return remembered(text, true, fold);
}

/** A predicate over whole texts with wildcards. */
export function like(text: string, fold = false): Predicate {
  return remembered(text, false, fold);
}

const texts = new Map<string, Predicate>();

/** The same few texts come with every question. */
function remembered(text: string, literal: boolean, fold: boolean): Predicate {
  const key = `${literal ? '=' : '~'}${fold ? 'i' : ' '}${text}`;
  let predicate = texts.get(key);
  if (predicate === undefined) {
    predicate = textPredicate(globPattern([{ text, literal }], fold));
    if (texts.size >= MAX_TEXTS) texts.clear();
    texts.set(key, predicate);
  }
  return predicate;
}

const MAX_TEXTS = 20_000;

/** True if a value satisfies a predicate. */
export function satisfies(predicate: Predicate, value: string): boolean {
  switch (predicate.kind) {
    case 'TEXT':
      return matches(predicate.pattern, value);
    case 'TRUTH':
      return value.toLowerCase() === predicate.value;
    case 'NUMBER':
      return compares(predicate.comparison, numberOf(value), predicate.value);
    case 'DATE':
      return compares(predicate.comparison, dateOf(value), predicate.value);
    case 'ADDRESS': {
      const address = addressOf(value);
      const { range } = predicate;
      return address?.family === range.family && address.bits >= range.from && address.bits <= range.to;
    }
  }
}

/** A number as the policy language writes it. */
export function numberOf(text: string): number | undefined {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text.trim()) ? Number(text) : undefined;
}

/** A point in time, in milliseconds: ISO 8601 or seconds since 1970. */
export function dateOf(text: string): number | undefined {
  if (/^\d{1,12}$/.test(text)) return Number(text) * 1000;
  const iso = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/.exec(text);
  if (iso === null) return undefined;
  const time = Date.parse(iso[1] !== undefined && iso[4] === undefined ? `${text}Z` : text);
  return Number.isNaN(time) ? undefined : time;
}

function compares(comparison: Comparison, left: number | undefined, right: number): boolean {
  if (left === undefined) return false;
  switch (comparison) {
    case 'EQUAL':
      return left === right;
    case 'LESS':
      return left < right;
    case 'LESS_OR_EQUAL':
      return left <= right;
    case 'GREATER':
      return left > right;
    case 'GREATER_OR_EQUAL':
      return left >= right;
  }
}
