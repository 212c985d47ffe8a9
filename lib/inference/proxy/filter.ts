import type { JsonValue } from './json-value';

/** What a filter may know of a request besides its content. */
export interface FilterContext {
  readonly requestId: string;
  readonly principal: string;
  readonly route: string;
  /** Aborted at the deadline. */
  readonly signal: AbortSignal;
}

/** What a filter says: pass on, perhaps with parts masked, or stop. */
export type FilterVerdict =
  | { readonly verdict: 'pass'; readonly value: JsonValue }
  /** `reason` is a word from the filter's own closed list, never content. */
  | { readonly verdict: 'block'; readonly reason: string };

/** One judgement over a request or an answer. A filter that throws blocks. */
export interface Filter {
  /** A stable name: it goes to the audit record. */
  readonly name: string;
  inspect(value: JsonValue, context: FilterContext): Promise<FilterVerdict>;
}

/** The filters of a proxy: each sees what the one before let through. */
export interface Filters {
  readonly input: readonly Filter[];
  readonly output: readonly Filter[];
}

/** How a chain of filters ended. */
export type ChainResult =
  | { readonly verdict: 'pass'; readonly value: JsonValue }
  | { readonly verdict: 'block'; readonly filter: string; readonly reason: string };

/** Runs filters in order until one blocks. */
export async function runFilters(filters: readonly Filter[], value: JsonValue, context: FilterContext): Promise<ChainResult> {
  let current = value;
  for (const filter of filters) {
    let result: FilterVerdict;
    try {
      result = await filter.inspect(current, context);
    } catch {
      return { verdict: 'block', filter: filter.name, reason: context.signal.aborted ? 'deadline' : 'failed' };
    }
    if (result.verdict !== 'pass') return { verdict: 'block', filter: filter.name, reason: result.reason };
    current = result.value;
  }
  return { verdict: 'pass', value: current };
}
