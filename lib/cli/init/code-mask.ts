/**
 * JavaScript or TypeScript with the content of comments, strings and templates blanked, so that patterns find code alone. Places stay
 * the same.
 *
 * @returns undefined where a string or comment does not end: then nothing can be said about the text
 */
export function codeMask(text: string): string | undefined {
  let masked = '';
  for (let at = 0; at < text.length; ) {
    const end = endOfText(text, at);
    if (end === undefined) return undefined;
    if (end === at) {
      masked += text[at];
      at += 1;
      continue;
    }
    const inside = text.slice(at, end);
    const quoted = /^['"`]/.test(inside);
    masked += quoted ? inside[0] + blank(inside.slice(1, -1)) + inside[0] : blank(inside);
    at = end;
  }
  return masked;
}

/** Where the bracket that opens at a place of a mask closes; undefined when it does not. */
export function closingBracket(mask: string, opening: number): number | undefined {
  let depth = 0;
  for (let at = opening; at < mask.length; at++) {
    if ('([{'.includes(mask[at])) depth += 1;
    if (')]}'.includes(mask[at])) depth -= 1;
    if (depth === 0) return at;
  }
  return undefined;
}

/** Whether a place of a mask lies in no bracket. */
export function isTopLevel(mask: string, at: number): boolean {
  let depth = 0;
  for (const character of mask.slice(0, at)) {
    if ('([{'.includes(character)) depth += 1;
    if (')]}'.includes(character)) depth -= 1;
  }
  return depth === 0;
}

/** The end of the comment, string or template that begins here; the place itself where none does. */
function endOfText(text: string, at: number): number | undefined {
  const two = text.slice(at, at + 2);
  if (two === '//') return endOfLine(text, at);
  if (two === '#!' && at === 0) return endOfLine(text, at);
  if (two === '/*') {
    const end = text.indexOf('*/', at + 2);
    return end < 0 ? undefined : end + 2;
  }
  const quote = text[at];
  if (quote !== "'" && quote !== '"' && quote !== '`') return at;
  for (let next = at + 1; next < text.length; next++) {
    if (text[next] === '\\') next += 1;
    else if (text[next] === quote) return next + 1;
    else if (text[next] === '\n' && quote !== '`') return undefined;
  }
  return undefined;
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

function blank(text: string): string {
  return text.replace(/[^\r\n]/g, ' ');
}
