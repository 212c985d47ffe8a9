/** Characters that a terminal acts on, or that change the order in which it shows text. */
const ACTIVE = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|\p{Surrogate}/gu;

/** A text from outside as it may be shown: whole, with active characters escaped. */
export function displayText(text: string): string {
  return text.replace(ACTIVE, escaped);
}

/** JSON that is as harmless on a terminal as in a file. */
export function displayJson(value: unknown): string {
  // Half a surrogate pair is no text: readers in other languages refuse a document that holds one, even escaped.
  const wellFormed = (_: string, item: unknown): unknown => (typeof item === 'string' ? item.replace(/\p{Surrogate}/gu, '\ufffd') : item);
  // Control characters up to 0x1f are escaped by JSON itself; line feeds here are its own layout.
  return JSON.stringify(value, wellFormed, 2).replace(ACTIVE, (character) => (character === '\n' ? character : escaped(character)));
}

/** An amount of bytes for people. */
export function displayBytes(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  const unit = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  return `${unit === 0 ? bytes : (bytes / 1000 ** unit).toFixed(1)} ${units[unit]}`;
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
