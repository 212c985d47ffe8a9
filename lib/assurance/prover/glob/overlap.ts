import type { Pattern, Token } from './pattern';
import { accepts } from './pattern';

/** True if some text matches both patterns: both are walked side by side. */
export function overlap(a: Pattern, b: Pattern): boolean {
  const [first, second] = [a.tokens, b.tokens];
  const width = second.length + 1;
  const seen = new Uint8Array((first.length + 1) * width);
  const open = [0];
  seen[0] = 1;
  const visit = (i: number, j: number): void => {
    const at = i * width + j;
    if (seen[at] === 1) return;
    seen[at] = 1;
    open.push(at);
  };
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const [i, j] = [Math.floor(at / width), at % width];
    const x = first.at(i);
    const y = second.at(j);
    if (i === first.length && j === second.length) return true;
    if (i < first.length && x?.kind === 'MANY') visit(i + 1, j);
    if (j < second.length && y?.kind === 'MANY') visit(i, j + 1);
    if (i === first.length || j === second.length || x === undefined || y === undefined || !shareCharacter(x, y)) continue;
    visit(x.kind === 'MANY' ? i : i + 1, y.kind === 'MANY' ? j : j + 1);
  }
  return false;
}

/** All sets of characters hold the digits, so two of them always share one. */
function shareCharacter(x: Token, y: Token): boolean {
  if (x.kind === 'CHAR') return accepts(y, x.char) || (x.fold && accepts(y, x.char.toUpperCase()));
  return y.kind !== 'CHAR' || accepts(x, y.char) || (y.fold && accepts(x, y.char.toUpperCase()));
}
