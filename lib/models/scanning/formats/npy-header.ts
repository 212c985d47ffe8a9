import { ScanError } from '../scan-error';

/** What the header of an array file says. */
export interface NpyHeader {
  /** Product of the shape. */
  readonly count: number;
  /** Bytes of one item. */
  readonly itemSize: number;
  /** The items are Python objects, so a pickle follows instead of raw bytes. */
  readonly objects: boolean;
}

const TYPE = /^[<>|=]?([?bBiufcSaUVmMO])(\d{0,9})(?:\[(?:\d{0,4}(?:as|fs|ps|ns|us|ms|s|m|h|D|W|M|Y|generic))\])?$/;
const DEPTH = 16;
type Literal = string | number | boolean | readonly Literal[] | ReadonlyMap<string, Literal>;

/** Parses the header text. It is a Python literal, read by a grammar of its own and never evaluated. Throws `ScanError`. */
export function parseNpyHeader(text: string): NpyHeader {
  const header = new LiteralParser(text).document();
  if (!(header instanceof Map) || header.size !== 3) {
    throw malformed('descr, fortran_order and shape expected');
  }
  const fields = header as ReadonlyMap<string, Literal>;
  const shape = fields.get('shape');
  const descr = fields.get('descr');
  if (typeof fields.get('fortran_order') !== 'boolean' || !Array.isArray(shape) || descr === undefined) {
    throw malformed('descr, fortran_order and shape expected');
  }
  let count = 1;
  for (const side of shape as readonly Literal[]) {
    if (typeof side !== 'number') {
      throw malformed('shape');
    }
    count *= side;
  }
  const { size, objects } = typeOf(descr, 0);
  if (!Number.isSafeInteger(count * size)) {
    throw malformed('shape too large');
  }
  return { count, itemSize: size, objects };
}

function typeOf(descr: Literal, depth: number): { size: number; objects: boolean } {
  if (depth > DEPTH) {
    throw malformed('type nested too deeply');
  }
  if (typeof descr === 'string') {
    const match = TYPE.exec(descr);
    if (match === null) {
      throw malformed(`type ${descr}`);
    }
    const [, kind, width] = match;
    return { size: kind === 'O' ? 8 : Number(width || (kind === '?' ? 1 : 0)) * (kind === 'U' ? 4 : 1), objects: kind === 'O' };
  }
  if (!Array.isArray(descr)) {
    throw malformed('type');
  }
  let size = 0;
  let objects = false;
  for (const field of descr as readonly Literal[]) {
    if (!Array.isArray(field) || field.length < 2 || field.length > 3) {
      throw malformed('field of a structured type');
    }
    const [, type, shape] = field as readonly Literal[];
    const inner = typeOf(type, depth + 1);
    const repeats = shape === undefined ? 1 : product(shape);
    size += inner.size * repeats;
    objects ||= inner.objects;
  }
  return { size, objects };
}

function product(shape: Literal): number {
  const sides = Array.isArray(shape) ? (shape as readonly Literal[]) : [shape];
  return sides.reduce<number>((total, side) => {
    if (typeof side !== 'number') {
      throw malformed('shape of a field');
    }
    return total * side;
  }, 1);
}

function malformed(found: string): ScanError {
  return new ScanError('MALFORMED', 10, `npy header: ${found}`);
}

/** The part of Python's literals that numpy writes: one dictionary of texts, booleans, natural numbers, tuples and lists. */
class LiteralParser {
  private at = 0;

  constructor(private readonly text: string) {}

  document(): Literal {
    const value = this.value(0);
    this.blank();
    if (this.at !== this.text.length) {
      throw malformed('something behind it');
    }
    return value;
  }

  private value(depth: number): Literal {
    if (depth > DEPTH) {
      throw malformed('nested too deeply');
    }
    this.blank();
    const rest = /^(?:True|False|\d{1,16}L?|'[^'\\\n]*'|"[^"\\\n]*")/.exec(this.text.slice(this.at, this.at + 4096))?.[0];
    if (rest !== undefined) {
      this.at += rest.length;
      if (rest === 'True' || rest === 'False') {
        return rest === 'True';
      }
      return rest[0] === "'" || rest[0] === '"' ? rest.slice(1, -1) : parseInt(rest, 10);
    }
    const opening = this.text[this.at];
    this.at += 1;
    switch (opening) {
      case '(': return this.sequence(')', depth);
      case '[': return this.sequence(']', depth);
      case '{': return this.dictionary(depth);
      default: throw malformed(`unexpected ${opening ?? 'end'}`);
    }
  }

  private sequence(closing: string, depth: number): readonly Literal[] {
    const items: Literal[] = [];
    while (!this.take(closing)) {
      items.push(this.value(depth + 1));
      if (!this.take(',') && this.peek() !== closing) {
        throw malformed('list');
      }
    }
    return items;
  }

  private dictionary(depth: number): ReadonlyMap<string, Literal> {
    const entries = new Map<string, Literal>();
    while (!this.take('}')) {
      const key = this.value(depth + 1);
      if (typeof key !== 'string' || entries.has(key) || !this.take(':')) {
        throw malformed('key');
      }
      entries.set(key, this.value(depth + 1));
      if (!this.take(',') && this.peek() !== '}') {
        throw malformed('dictionary');
      }
    }
    return entries;
  }

  private peek(): string | undefined {
    this.blank();
    return this.text[this.at];
  }

  private take(character: string): boolean {
    if (this.peek() !== character) {
      return false;
    }
    this.at += 1;
    return true;
  }

  private blank(): void {
    while (this.text[this.at] === ' ' || this.text[this.at] === '\n') {
      this.at += 1;
    }
  }
}
