import type { JsonValue } from './json-value';

/**
 * Characters that no prompt and no record needs, and that attacks hide in: controls but tab and line breaks, overrides of the text
 * direction, invisible tag characters, which carry instructions that people do not see, and code points that are no characters.
 *
 * @see https://www.unicode.org/reports/tr36/
 */
const UNSAFE = new RegExp(
  '[\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f\\u202a-\\u202e\\u2066-\\u2069\\ufdd0-\\ufdef\\ufff9-\\ufffb\\ufffe\\uffff'
  + '\\u{e0000}-\\u{e007f}\\p{Cs}]',
  'u',
);

/** Whether a text holds an unsafe character, an unpaired surrogate included. */
export function isUnsafeText(text: string): boolean {
  return UNSAFE.test(text);
}

/**
 * A value in which each text is in the canonical composed form (NFC), so that filters and the model see the same characters.
 *
 * @returns undefined when a text is unsafe, or a name is
 */
export function normalised(value: JsonValue): JsonValue | undefined {
  if (typeof value === 'string') return isUnsafeText(value) ? undefined : value.normalize('NFC');
  if (typeof value !== 'object' || value === null) return value;
  if (isList(value)) {
    const items: JsonValue[] = [];
    for (const item of value) {
      const safe = normalised(item);
      if (safe === undefined) return undefined;
      items.push(safe);
    }
    return items;
  }
  const entries: [string, JsonValue][] = [];
  for (const [name, field] of Object.entries(value)) {
    const safe = normalised(field);
    if (safe === undefined || isUnsafeText(name)) return undefined;
    entries.push([name, safe]);
  }
  return Object.fromEntries(entries);
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
