import type { Node, YAMLMap, YAMLSeq } from 'yaml';
import { LineCounter, isAlias, isMap, isPair, isScalar, isSeq, parseDocument } from 'yaml';
import { TemplateError } from '../template';

/** Bounds of a template in YAML. */
export interface YamlLimits {
  /** Levels of nesting. @default 100 */
  readonly depth?: number;
}

/** Short forms of functions, without their exclamation mark; the long form of all but the first two begins with `Fn::`. */
const SHORT_FORMS = new Set([
  'Ref', 'Condition',
  'And', 'Base64', 'Cidr', 'Equals', 'FindInMap', 'GetAtt', 'GetAZs', 'If', 'ImportValue', 'Join', 'Length', 'Not', 'Or', 'Select', 'Split', 'Sub',
  'ToJsonString', 'Transform',
]);

/** Types that a text may name as its own. */
const PLAIN = new Set(['str', 'int', 'float', 'bool', 'null', 'seq', 'map'].map((name) => `tag:yaml.org,2002:${name}`));

/** Types of YAML that CloudFormation does not read as such: a date in a template is a text. */
const NOT_READ = new Set(['timestamp', 'binary', 'omap', 'pairs', 'set', 'merge'].map((name) => `tag:yaml.org,2002:${name}`));

/**
 * Reads a CloudFormation template in YAML 1.1 with the short forms of functions, as CloudFormation does: without aliases and merged keys.
 *
 * @throws {@link TemplateError} `BAD_FILE` with file, line and column for what CloudFormation would refuse; `TOO_DEEP`
 */
export function parseYamlTemplate(text: string, source: string, limits: YamlLimits = {}): unknown {
  const depth = limits.depth ?? 100;
  const lines = new LineCounter();
  refuseNesting(text, source, depth);
  const document = parseDocument(text, {
    version: '1.1',
    merge: false,
    uniqueKeys: true,
    lineCounter: lines,
    logLevel: 'error',
    prettyErrors: false,
    customTags: (tags) => tags.filter((tag) => typeof tag === 'string' || !NOT_READ.has(tag.tag)),
  });
  const [error] = document.errors;
  if (error !== undefined) throw new TemplateError('BAD_FILE', `${place(source, lines, error.pos[0])}: ${firstLine(error.message)}`);
  return new Reader(source, lines, depth).read(document.contents, 0);
}

class Reader {
  constructor(
    private readonly source: string,
    private readonly lines: LineCounter,
    private readonly maxDepth: number,
  ) {}

  read(node: unknown, depth: number): unknown {
    if (node === null || node === undefined) return null;
    if (depth > this.maxDepth) throw new TemplateError('TOO_DEEP', `${this.at(node)}: nested deeper than ${this.maxDepth} levels: flatten it`);
    if (isAlias(node)) this.refuse(node, `the alias '*${node.source}': CloudFormation reads no aliases, write the value out`);
    const value = isMap(node) ? this.map(node, depth) : isSeq(node) ? this.list(node, depth) : this.scalar(node);
    return this.called(node as Node, value);
  }

  /** The long form of a function that is called in its short one. */
  private called(node: Node, value: unknown): unknown {
    const { tag } = node;
    if (tag === undefined || tag === '!' || PLAIN.has(tag)) return value;
    const name = tag.slice(1);
    if (!tag.startsWith('!') || !SHORT_FORMS.has(name)) this.refuse(node, `the tag '${tag.slice(0, 40)}' is no function of CloudFormation`);
    return entry(name === 'Ref' || name === 'Condition' ? name : `Fn::${name}`, value);
  }

  private map(node: YAMLMap, depth: number): unknown {
    const object = Object.create(null) as Record<string, unknown>;
    for (const pair of node.items) {
      if (!isPair(pair) || !isScalar(pair.key) || pair.key.tag?.startsWith('!')) this.refuse(pair.key ?? node, 'a key that is no plain text');
      const { key, value } = pair as { key: { value: unknown; source?: string }; value: unknown };
      const name = typeof key.value === 'string' ? key.value : (key.source ?? String(key.value));
      if (name === '<<') this.refuse(pair.key, 'a merged key: CloudFormation merges none, write the values out');
      // `012` and `10` are equal as numbers and two keys all the same; `1` and `"1"` are one.
      if (Object.hasOwn(object, name)) this.refuse(pair.key, `the key '${name.slice(0, 40)}' stands twice`);
      object[name] = this.read(value, depth + 1);
    }
    return object;
  }

  private list(node: YAMLSeq, depth: number): unknown {
    return node.items.map((item) => this.read(item, depth + 1));
  }

  private scalar(node: unknown): unknown {
    const value = isScalar(node) ? node.value : undefined;
    if (value === null || typeof value === 'string' || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) return value;
    return this.refuse(node, 'a value that JSON cannot hold');
  }

  private refuse(node: unknown, what: string): never {
    throw new TemplateError('BAD_FILE', `${this.at(node)}: ${what}`);
  }

  private at(node: unknown): string {
    const range = (node as { readonly range?: readonly number[] | null } | null)?.range;
    return place(this.source, this.lines, range?.[0] ?? 0);
  }
}

/**
 * Deep nesting is refused before it is parsed: each level of the parser takes a level of the stack.
 *
 * Brackets count wherever they stand, also in texts and comments, so the bound is a wide one; what is exact comes after parsing.
 */
function refuseNesting(text: string, source: string, depth: number): void {
  const most = depth * 20;
  let [open, line, column, run] = [0, 1, 0, 0];
  let [indents, start] = [[] as number[], true];
  for (const char of text) {
    column += 1;
    if (char === '\n') [line, column, run, start] = [line + 1, 0, 0, true];
    else if (char === '[' || char === '{') open += 1;
    else if (char === ']' || char === '}') open = Math.max(0, open - 1);
    else if (start && (char === '-' || char === '?' || char === ':')) run += 1;
    else if (start && char !== ' ' && char !== '\t') {
      start = false;
      indents = [...indents.filter((i) => i < column).slice(-most - 1), column];
    }
    if (open > most || run > most || indents.length > most) {
      throw new TemplateError('TOO_DEEP', `${source}:${line}:${column}: nested deeper than ${depth} levels: flatten it`);
    }
  }
}

function place(source: string, lines: LineCounter, offset: number): string {
  const { line, col } = lines.linePos(offset);
  return `${source}:${Math.max(line, 1)}:${Math.max(col, 1)}`;
}

function firstLine(message: string): string {
  return message.split('\n')[0];
}

/** An object of one entry whose key is a key like any other. */
function entry(key: string, value: unknown): Record<string, unknown> {
  const object = Object.create(null) as Record<string, unknown>;
  object[key] = value;
  return object;
}
