import type { Value } from './value';
import { Unknown, isDict, isList, joinParts, textParts } from './value';

const OPEN = '\uE000';
const CLOSE = '\uE001';
const MAX_DEPTH = 100;

/**
 * Reads JSON that stands inside a text, such as a policy or a state machine definition; unknown parts stay unknown where they stand.
 *
 * An object or list is returned as it is. Undefined when the text is no JSON.
 */
export function embeddedJson(value: Value | undefined): Value | undefined {
  if (isDict(value) || isList(value) || value instanceof Unknown) return value;
  const parts = textParts(value);
  if (parts === undefined) return undefined;
  const unknowns: Unknown[] = [];
  const text = parts
    .map((p) => (typeof p === 'string' ? p.replaceAll(OPEN, '').replaceAll(CLOSE, '') : `${OPEN}${unknowns.push(p) - 1}${CLOSE}`))
    .join('');
  try {
    return revive(JSON.parse(text), unknowns, 0);
  } catch {
    return undefined;
  }
}

function revive(raw: unknown, unknowns: readonly Unknown[], depth: number): Value {
  if (depth > MAX_DEPTH) return new Unknown('INVALID', `JSON inside a text is nested deeper than ${MAX_DEPTH} levels`);
  if (typeof raw === 'string') return reviveText(raw, unknowns);
  if (Array.isArray(raw)) return raw.map((item) => revive(item, unknowns, depth + 1));
  if (typeof raw === 'object' && raw !== null) {
    const dict = Object.create(null) as Record<string, Value>;
    for (const [key, item] of Object.entries(raw)) dict[String(reviveText(key, unknowns))] = revive(item, unknowns, depth + 1);
    return dict;
  }
  return raw as null | boolean | number;
}

function reviveText(text: string, unknowns: readonly Unknown[]): Value {
  if (!text.includes(OPEN)) return text;
  return joinParts(text.split(/(\uE000\d+\uE001)/).map((p) => (p.startsWith(OPEN) ? unknowns[Number(p.slice(1, -1))] : p)));
}
