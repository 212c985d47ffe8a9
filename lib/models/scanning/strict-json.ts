import { ScanError } from './scan-error';

/** A JSON value. Objects are maps, so that a key such as `__proto__` is a key like any other. */
export type Json = null | boolean | number | string | readonly Json[] | ReadonlyMap<string, Json>;

/** A short text for a value in a report; lists and objects are only named as such. */
export function describeJson(value: Json | undefined): string {
  if (typeof value === 'object' && value !== null) {
    return Array.isArray(value) ? '<list>' : '<object>';
  }
  return String(value);
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const BLANK = /[ \t\n\r]*/y;
const PLAIN = /[^"\\\x00-\x1f]*/y;
const ESCAPES: Readonly<Record<string, string>> = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };
const MAX_DEPTH = 200;

/**
 * Parses JSON by the letter of RFC 8259 and refuses duplicate keys, of which readers keep different ones.
 *
 * @param offset where the document begins, for errors.
 * @param maxNodes values in the document.
 */
export function parseStrictJson(bytes: Uint8Array, offset: number, maxNodes: number): Json {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new ScanError('MALFORMED', offset, 'JSON is not UTF-8');
  }
  return new Parser(text, offset, maxNodes).document();
}

class Parser {
  private at = 0;
  private nodes = 0;

  constructor(
    private readonly text: string,
    private readonly offset: number,
    private readonly maxNodes: number,
  ) {}

  document(): Json {
    const value = this.value(0);
    this.match(BLANK);
    if (this.at !== this.text.length) {
      throw this.error('something behind the JSON document');
    }
    return value;
  }

  private value(depth: number): Json {
    this.nodes += 1;
    if (this.nodes > this.maxNodes || depth > MAX_DEPTH) {
      const found = depth > MAX_DEPTH ? 'JSON nested too deeply' : 'JSON with too many values';
      throw new ScanError('LIMIT_EXCEEDED', this.offset + this.at, found);
    }
    this.match(BLANK);
    switch (this.text[this.at]) {
      case '{': return this.object(depth);
      case '[': return this.array(depth);
      case '"': return this.string();
      case 't': return this.word('true', true);
      case 'f': return this.word('false', false);
      case 'n': return this.word('null', null);
      default: {
        const number = this.match(NUMBER);
        if (number === '') {
          throw this.error('no JSON value');
        }
        return Number(number);
      }
    }
  }

  private object(depth: number): ReadonlyMap<string, Json> {
    const members = new Map<string, Json>();
    this.at += 1;
    this.match(BLANK);
    if (this.text[this.at] === '}') {
      this.at += 1;
      return members;
    }
    for (;;) {
      this.match(BLANK);
      const key = this.string();
      if (members.has(key)) {
        throw new ScanError('JSON_DUPLICATE_KEY', this.offset + this.at, key);
      }
      this.match(BLANK);
      this.expect(':');
      members.set(key, this.value(depth + 1));
      if (this.closes('}')) {
        return members;
      }
    }
  }

  private array(depth: number): readonly Json[] {
    const items: Json[] = [];
    this.at += 1;
    this.match(BLANK);
    if (this.text[this.at] === ']') {
      this.at += 1;
      return items;
    }
    for (;;) {
      items.push(this.value(depth + 1));
      if (this.closes(']')) {
        return items;
      }
    }
  }

  private string(): string {
    this.expect('"');
    let value = this.match(PLAIN);
    while (this.text[this.at] === '\\') {
      const escape = this.text[this.at + 1];
      const hex = this.text.slice(this.at + 2, this.at + 6);
      if (escape === 'u' && /^[0-9a-fA-F]{4}$/.test(hex)) {
        value += String.fromCharCode(parseInt(hex, 16));
        this.at += 6;
      } else if (escape !== undefined && Object.hasOwn(ESCAPES, escape)) {
        value += ESCAPES[escape];
        this.at += 2;
      } else {
        throw this.error('JSON escape');
      }
      value += this.match(PLAIN);
    }
    this.expect('"');
    return value;
  }

  private closes(bracket: string): boolean {
    this.match(BLANK);
    if (this.text[this.at] === ',') {
      this.at += 1;
      return false;
    }
    this.expect(bracket);
    return true;
  }

  private word<T>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.at)) {
      throw this.error('no JSON value');
    }
    this.at += word.length;
    return value;
  }

  private expect(character: string): void {
    if (this.text[this.at] !== character) {
      throw this.error(`JSON without ${character}`);
    }
    this.at += 1;
  }

  private match(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? '';
    this.at += found.length;
    return found;
  }

  private error(found: string): ScanError {
    return new ScanError('MALFORMED', this.offset + this.at, found);
  }
}
