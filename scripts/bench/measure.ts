/** One row of the benchmark. */
export interface Measure {
  readonly what: string;
  readonly measured: string;
  /** What it is compared with; '-' for nothing. */
  readonly against: string;
  readonly value: number;
  /** What the value may be at most, or must be at least; nothing for a row that only informs. */
  readonly budget?: { readonly atMost: number } | { readonly atLeast: number };
  /** What a profile shows, should the budget be missed. */
  readonly explanation?: string;
}

export function isMissed({ value, budget }: Measure): boolean {
  if (budget === undefined) return false;
  return 'atMost' in budget ? !(value <= budget.atMost) : !(value >= budget.atLeast);
}

export const HEAD = ['what', 'measured', 'against', 'value', 'budget', ''];

export function cells(measure: Measure): string[] {
  const { what, measured, against, value, budget } = measure;
  return [
    what,
    measured,
    against,
    against !== '-' ? value.toFixed(3) : value < 10 ? value.toFixed(2) : value.toFixed(0),
    budget === undefined ? '-' : 'atMost' in budget ? `≤ ${budget.atMost}` : `≥ ${budget.atLeast}`,
    budget === undefined ? '' : isMissed(measure) ? 'MISSED' : 'ok',
  ];
}

export function median(values: readonly number[]): number {
  if (values.length === 0) throw new Error('nothing was measured');
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(milliseconds < 10_000 ? 2 : 1)} s`;
}
