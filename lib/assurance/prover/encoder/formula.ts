import type { Atom } from './key-variable';

/** A proposition over the keys of a request. */
export type Formula = boolean | Operation;

/** A formula that is not decided yet. */
export type Operation =
  | { readonly op: 'AND'; readonly items: readonly Operation[] }
  | { readonly op: 'OR'; readonly items: readonly Operation[] }
  | { readonly op: 'NOT'; readonly item: Operation }
  | { readonly op: 'ATOM'; readonly atom: Atom };

/** All of them; what is true is left out. */
export function and(...items: readonly Formula[]): Formula {
  return combine('AND', items);
}

/** At least one of them; what is false is left out. */
export function or(...items: readonly Formula[]): Formula {
  return combine('OR', items);
}

/** The opposite. */
export function not(item: Formula): Formula {
  if (typeof item === 'boolean') return !item;
  return item.op === 'NOT' ? item.item : { op: 'NOT', item };
}

/** If the first holds, so does the second. */
export function implies(condition: Formula, consequence: Formula): Formula {
  return or(not(condition), consequence);
}

/** Both hold or neither. */
export function same(a: Formula, b: Formula): Formula {
  return and(implies(a, b), implies(b, a));
}

function combine(op: 'AND' | 'OR', items: readonly Formula[]): Formula {
  const decisive = op === 'OR';
  const open: Operation[] = [];
  for (const item of items) {
    if (item === decisive) return decisive;
    if (typeof item === 'boolean') continue;
    if (item.op === op) open.push(...item.items);
    else open.push(item);
  }
  if (open.length === 0) return !decisive;
  return open.length === 1 ? open[0] : { op, items: open };
}
