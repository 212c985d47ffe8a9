import { MAX_DEPTH } from './input-schema';

/** Anything that JSON can say. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** Why a text is not JSON that may be read. */
export type JsonProblem = 'not JSON' | 'nested too deep';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Parses JSON that may be hostile: in linear time, and without recursion that the text controls.
 *
 * Names such as `__proto__` become ordinary fields, which no schema has.
 */
export function parseJson(
  text: string,
  maxDepth: number = MAX_DEPTH + 1,
): { readonly value: JsonValue } | { readonly problem: JsonProblem } {
  if (depthOf(text, maxDepth) > maxDepth) return { problem: 'nested too deep' };
  try {
    return { value: JSON.parse(text) as JsonValue };
  } catch {
    return { problem: 'not JSON' };
  }
}

/** The deepest nesting of brackets outside texts; counting stops beyond `limit`. */
function depthOf(text: string, limit: number): number {
  let depth = 0;
  let deepest = 0;
  let inText = false;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (inText) {
      if (unit === BACKSLASH) index += 1;
      else if (unit === QUOTE) inText = false;
      // A text is long and holds few quotes: the engine finds the next one faster than this loop.
      else index = nextStop(text, index) - 1;
    } else if (unit === QUOTE) {
      inText = true;
    } else if (unit === 0x7b || unit === 0x5b) {
      depth += 1;
      if (depth > deepest) deepest = depth;
      if (deepest > limit) return deepest;
    } else if (unit === 0x7d || unit === 0x5d) {
      depth -= 1;
    }
  }
  return deepest;
}

const STOP = /["\\]/g;

function nextStop(text: string, from: number): number {
  STOP.lastIndex = from;
  const found = STOP.exec(text);
  return found ? found.index : text.length;
}
