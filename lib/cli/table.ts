import { stripVTControlCharacters } from 'node:util';
import Table from 'cli-table3';

const GAP = 2;

/** Nothing between the cells but spaces: it reads well and greps well. */
const BARE = Object.fromEntries([
  'top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right', 'left', 'left-mid', 'mid', 'mid-mid',
  'right', 'right-mid', 'middle',
].map((part) => [part, ''])) as Record<Table.CharName, string>;

/**
 * Rows as aligned columns, one line each. The first column is never cut, the last takes what the others leave.
 *
 * @param columns width to fit into by cutting cells; without it nothing is cut
 */
export function plainTable(rows: readonly (readonly [string, string, string])[], columns: number | undefined): string {
  const table = new Table({
    chars: BARE,
    style: { 'padding-left': 0, 'padding-right': GAP, head: [], border: [] },
    ...(columns === undefined ? {} : { colWidths: widths(rows, columns) }),
  });
  table.push(...rows.map((row) => [...row]));
  return table.toString().split('\n').map((line) => line.trimEnd()).join('\n');
}

function widths(rows: readonly (readonly string[])[], columns: number): number[] {
  const [first, second] = [0, 1].map((index) => Math.max(...rows.map((row) => stripVTControlCharacters(row[index]).length)) + GAP);
  const rest = Math.max(20, columns - first);
  const fitted = Math.min(second, Math.floor(rest / 2));
  return [first, fitted, rest - fitted];
}
