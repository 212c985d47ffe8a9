/** Characters that a token may stand for. */
export type CharacterSet = 'ANY' | 'NO_COLON' | 'NAME' | 'DIGIT' | 'REGION';

/** One step of a pattern: a character, one character of a set, or any number of them. */
export type Token =
  | { readonly kind: 'CHAR'; readonly char: string; readonly fold: boolean }
  | { readonly kind: 'ONE' | 'MANY'; readonly set: CharacterSet };

/** A compiled pattern with a key that is equal for equal patterns. */
export interface Pattern {
  readonly key: string;
  readonly tokens: readonly Token[];
}

/** A part of a pattern as written: glob text, or text without wildcards. */
export interface PatternPart {
  readonly text: string;
  readonly literal: boolean;
  /** A wildcard that stands for a text that is not known. */
  readonly open?: boolean;
}

/** True if a character belongs to a set. */
export function inSet(char: string, set: CharacterSet): boolean {
  switch (set) {
    case 'ANY':
      return true;
    case 'NO_COLON':
      return char !== ':';
    case 'NAME':
      return char !== ':' && char !== '/';
    case 'DIGIT':
      return char >= '0' && char <= '9';
    case 'REGION':
      return (char >= 'a' && char <= 'z') || (char >= '0' && char <= '9') || char === '-';
  }
}

/** A pattern that matches whole texts. */
export function globPattern(parts: readonly PatternPart[], fold = false): Pattern {
  const tokens: Token[] = [];
  for (const { text, literal } of parts) {
    for (const char of text) {
      if (!literal && (char === '*' || char === '?')) push(tokens, char, 'ANY');
      else tokens.push({ kind: 'CHAR', char: fold ? char.toLowerCase() : char, fold });
    }
  }
  return { key: keyOf(tokens), tokens };
}

/**
 * A pattern over the six segments of an ARN, in which wildcards of the first five do not cross a colon.
 *
 * Undefined for a pattern with fewer segments, which matches nothing, except for the lone `*`.
 */
export function arnPattern(parts: readonly PatternPart[]): Pattern | undefined {
  if (parts.length === 1 && parts[0].text === '*' && !parts[0].literal) return globPattern(parts);
  const tokens: Token[] = [];
  let colons = 0;
  for (const { text, literal } of parts) {
    for (const char of text) {
      if (!literal && (char === '*' || char === '?')) push(tokens, char, colons < 5 ? 'NO_COLON' : 'ANY');
      else {
        tokens.push({ kind: 'CHAR', char, fold: false });
        if (char === ':') colons += 1;
      }
    }
  }
  return colons < 5 ? undefined : { key: keyOf(tokens), tokens };
}

/**
 * A pattern for a format such as `arn:{ANY}:s3:::{NAME}`, in which each set stands for one or more characters and
 * `{DIGIT12}` for twelve digits.
 */
export function formatPattern(format: string): Pattern {
  const tokens: Token[] = [];
  for (const piece of format.split(/(\{[A-Z_]+(?:12)?\})/)) {
    if (/^\{.*\}$/.test(piece)) {
      if (piece === '{DIGIT12}') for (let i = 0; i < 12; i++) tokens.push({ kind: 'ONE', set: 'DIGIT' });
      else {
        const set = piece.slice(1, -1) as CharacterSet;
        tokens.push({ kind: 'ONE', set }, { kind: 'MANY', set });
      }
    } else for (const char of piece) tokens.push({ kind: 'CHAR', char, fold: false });
  }
  return { key: keyOf(tokens), tokens };
}

/** True if a pattern matches a whole text. */
export function matches(pattern: Pattern, text: string): boolean {
  const { tokens } = pattern;
  // Where every star takes everything, going back to the last one is enough; a star that does not needs all states at once.
  if (tokens.every((t) => t.kind !== 'MANY' || t.set === 'ANY')) return matchesGreedily(tokens, text);
  let states = closure(tokens, [0]);
  for (const char of text) {
    const next: number[] = [];
    for (const at of states) {
      const token = tokens[at];
      if (token !== undefined && accepts(token, char)) next.push(token.kind === 'MANY' ? at : at + 1);
    }
    if (next.length === 0) return false;
    states = closure(tokens, next);
  }
  return states.includes(tokens.length);
}

function matchesGreedily(tokens: readonly Token[], text: string): boolean {
  const chars = /[\ud800-\udfff]/.test(text) ? [...text] : text;
  let [t, c, star, resume] = [0, 0, -1, 0];
  while (c < chars.length) {
    const token = tokens[t];
    if (token?.kind === 'MANY') {
      star = t++;
      resume = c;
    } else if (token !== undefined && accepts(token, chars[c])) {
      t++;
      c++;
    } else if (star >= 0) {
      t = star + 1;
      c = ++resume;
    } else return false;
  }
  while (tokens[t]?.kind === 'MANY') t++;
  return t === tokens.length;
}

/** True if a token takes a character. */
export function accepts(token: Token, char: string): boolean {
  if (token.kind === 'CHAR') return token.fold ? char.toLowerCase() === token.char : char === token.char;
  return inSet(char, token.set);
}

function closure(tokens: readonly Token[], states: readonly number[]): number[] {
  const all = new Set<number>();
  for (let at of states) {
    while (!all.has(at)) {
      all.add(at);
      if (tokens[at]?.kind !== 'MANY') break;
      at += 1;
    }
  }
  return [...all];
}

function push(tokens: Token[], char: string, set: CharacterSet): void {
  const last = tokens[tokens.length - 1];
  // Two stars in a row are one.
  if (char === '*' && last?.kind === 'MANY' && last.set === set) return;
  tokens.push({ kind: char === '*' ? 'MANY' : 'ONE', set });
}

function keyOf(tokens: readonly Token[]): string {
  let key = '';
  for (const t of tokens) {
    if (t.kind === 'CHAR') key += t.fold ? `\u0001${t.char}` : t.char;
    else key += `\u0002${t.kind === 'ONE' ? '1' : 'n'}${t.set}\u0003`;
  }
  return key;
}
