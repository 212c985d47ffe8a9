import type { GroundText, Piece } from '../estate/ground';

/** True, false, or undefined: it depends on something that is not known. */
export type Tri = boolean | undefined;

/** The values of a request that texts and conditions refer to, by key in lower case. */
export type Context = ReadonlyMap<string, string | readonly string[]>;

/** All hold; false wins over unknown. */
export function every(values: Iterable<Tri>): Tri {
  let result: Tri = true;
  for (const value of values) {
    if (value === false) return false;
    if (value === undefined) result = undefined;
  }
  return result;
}

/** One holds; true wins over unknown. */
export function any(values: Iterable<Tri>): Tri {
  let result: Tri = false;
  for (const value of values) {
    if (value === true) return true;
    if (value === undefined) result = undefined;
  }
  return result;
}

/** The opposite; unknown stays unknown. */
export function opposite(value: Tri): Tri {
  return value === undefined ? undefined : !value;
}

/** What a text stands for in a request: the characters, each with whether it is a wildcard; or nothing; or unknown. */
export type Spelled = readonly Glyph[] | 'NOTHING' | 'UNKNOWN';

/** One character of a pattern. */
export interface Glyph {
  readonly char: string;
  readonly wild: boolean;
}

/** Fills in the variables of a text. */
export function spell(text: GroundText, context: Context, wildcards: boolean): Spelled {
  const glyphs: Glyph[] = [];
  for (const piece of text.pieces) {
    const value = valueOf(piece, context);
    if (value === 'UNKNOWN' || value === 'NOTHING') return value;
    for (const char of value.text) glyphs.push({ char, wild: wildcards && piece.kind === 'TEXT' && (char === '*' || char === '?') });
  }
  return glyphs;
}

function valueOf(piece: Piece, context: Context): { text: string } | 'NOTHING' | 'UNKNOWN' {
  if (piece.kind === 'UNKNOWN') return 'UNKNOWN';
  if (piece.kind !== 'VARIABLE') return piece;
  const value = context.get(piece.key);
  if (typeof value === 'string') return { text: value };
  // A list in a variable has no defined meaning.
  if (value !== undefined) return 'UNKNOWN';
  return piece.preset === undefined ? 'NOTHING' : { text: piece.preset };
}

/** Compares a text with a pattern from its start to its end. */
export function fits(pattern: readonly Glyph[], text: string, ignoreCase = false): boolean {
  const chars = [...text];
  const equal = (a: string, b: string): boolean => (ignoreCase ? a.toLowerCase() === b.toLowerCase() : a === b);
  let [p, t] = [0, 0];
  let [star, resume] = [-1, 0];
  while (t < chars.length) {
    const glyph = pattern[p];
    if (glyph?.wild && glyph.char === '*') {
      star = p++;
      resume = t;
    } else if (glyph !== undefined && ((glyph.wild && glyph.char === '?') || (!glyph.wild && equal(glyph.char, chars[t])))) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++resume;
    } else return false;
  }
  while (pattern[p]?.wild && pattern[p].char === '*') p++;
  return p === pattern.length;
}

/** Compares an ARN with a pattern segment by segment; unknown for patterns that are no ARN. */
export function fitsArn(pattern: readonly Glyph[], arn: string): Tri {
  if (pattern.length === 1 && pattern[0].wild && pattern[0].char === '*') return true;
  const segments: Glyph[][] = [[]];
  for (const glyph of pattern) {
    if (glyph.char === ':' && segments.length < 6) segments.push([]);
    else segments[segments.length - 1].push(glyph);
  }
  if (segments.length < 6) return fits(pattern, arn) ? undefined : false;
  const parts = arn.split(':');
  if (parts.length < 6) return false;
  return segments.every((segment, i) => fits(segment, i < 5 ? parts[i] : parts.slice(5).join(':')));
}
