import { quoted, SigningError } from './signing-error';

/** A parsed JSON value. Objects are maps, so that a key named `__proto__` is a key like any other. */
export type JsonValue = null | boolean | number | string | JsonValue[] | JsonObject;
export type JsonObject = ReadonlyMap<string, JsonValue>;

/** Nesting that a bundle or a statement can need, with room. */
const MAX_DEPTH = 32;

/**
 * Parses JSON as RFC 8259 writes it and refuses what parsers disagree on: duplicate keys, invalid UTF-8, a byte order mark,
 * lone surrogates, numbers out of range. Linear in the input; nesting is limited.
 *
 * @throws SigningError JSON_ENCODING, JSON_SYNTAX, JSON_DUPLICATE_KEY or JSON_TOO_DEEP
 */
export function parseStrictJson(bytes: Uint8Array): JsonValue {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new SigningError('JSON_ENCODING', 'document is not valid UTF-8', { cause });
  }
  return new StrictJsonReader(text).document();
}

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const PLAIN_CHARACTERS = /[^"\\\u0000-\u001f]*/y;
const LONE_SURROGATE = /\p{Surrogate}/u;
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '"'], ['\\', '\\'], ['/', '/'], ['b', '\b'], ['f', '\f'], ['n', '\n'], ['r', '\r'], ['t', '\t'],
]);

class StrictJsonReader {
  private at = 0;

  public constructor(private readonly text: string) {}

  public document(): JsonValue {
    const value = this.value(0);
    this.skipSpace();
    if (this.at !== this.text.length) this.refuse('text after the end of the document');
    return value;
  }

  private value(depth: number): JsonValue {
    if (depth > MAX_DEPTH) throw new SigningError('JSON_TOO_DEEP', `JSON is nested deeper than ${MAX_DEPTH} levels`);
    this.skipSpace();
    switch (this.text[this.at]) {
      case '{': return this.object(depth);
      case '[': return this.array(depth);
      case '"': return this.string();
      case 't': return this.word('true', true);
      case 'f': return this.word('false', false);
      case 'n': return this.word('null', null);
      default: return this.number();
    }
  }

  private object(depth: number): JsonObject {
    const entries = new Map<string, JsonValue>();
    this.at++;
    if (this.takeIf('}')) return entries;
    do {
      this.skipSpace();
      if (this.text[this.at] !== '"') this.refuse('a key must be a string');
      const key = this.string();
      if (entries.has(key)) throw new SigningError('JSON_DUPLICATE_KEY', `JSON has the key ${quoted(key)} twice in one object`);
      this.take(':');
      entries.set(key, this.value(depth + 1));
    } while (this.takeIf(','));
    this.take('}');
    return entries;
  }

  private array(depth: number): JsonValue[] {
    const items: JsonValue[] = [];
    this.at++;
    if (this.takeIf(']')) return items;
    do {
      items.push(this.value(depth + 1));
    } while (this.takeIf(','));
    this.take(']');
    return items;
  }

  private string(): string {
    this.at++;
    let result = this.match(PLAIN_CHARACTERS);
    if (this.text[this.at] === '"') {
      this.at++;
      return result;
    }
    for (;;) {
      const stop = this.text[this.at++];
      if (stop === '"') break;
      if (stop !== '\\') this.refuse('a string is not closed or holds a control character');
      result += this.escape() + this.match(PLAIN_CHARACTERS);
    }
    // Decoding let no surrogate in alone; only an escape can make one.
    if (LONE_SURROGATE.test(result)) throw new SigningError('JSON_ENCODING', 'JSON has a string with a lone surrogate');
    return result;
  }

  private escape(): string {
    const letter = this.text[this.at++];
    if (letter === 'u') {
      const digits = this.text.slice(this.at, this.at + 4);
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) this.refuse('a \\u escape needs four hexadecimal digits');
      this.at += 4;
      return String.fromCharCode(parseInt(digits, 16));
    }
    return ESCAPES.get(letter ?? '') ?? this.refuse('unknown escape in a string');
  }

  private number(): number {
    const digits = this.match(NUMBER);
    if (digits === '') this.refuse('a value is expected');
    const value = Number(digits);
    if (!Number.isFinite(value)) this.refuse('a number is out of range');
    return value;
  }

  private word<T>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.at)) this.refuse('a value is expected');
    this.at += word.length;
    return value;
  }

  private match(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    if (!pattern.test(this.text)) return '';
    const found = this.text.slice(this.at, pattern.lastIndex);
    this.at = pattern.lastIndex;
    return found;
  }

  private take(character: string): void {
    if (!this.takeIf(character)) this.refuse(`${quoted(character)} is expected`);
  }

  private takeIf(character: string): boolean {
    this.skipSpace();
    if (this.text[this.at] !== character) return false;
    this.at++;
    return true;
  }

  private skipSpace(): void {
    for (;;) {
      const c = this.text.charCodeAt(this.at);
      if (c !== 0x20 && c !== 0x0a && c !== 0x0d && c !== 0x09) return;
      this.at++;
    }
  }

  private refuse(why: string): never {
    throw new SigningError('JSON_SYNTAX', `JSON is not valid at character ${this.at}: ${why}`);
  }
}
