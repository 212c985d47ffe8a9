import { conditionValue } from './condition';
import type { Evaluator } from './evaluator';
import type { RawObject} from './raw';
import { describe, isRawObject, ownEntry } from './raw';
import type { Value} from './value';
import { Text, Unknown, isDict, isList, joinParts, textParts } from './value';

/** One CloudFormation function: its raw argument in, its value out; undefined stands for `AWS::NoValue`. */
type TemplateFunction = (evaluator: Evaluator, argument: unknown, depth: number) => Value | undefined;

/** The functions that can be evaluated from the templates, by the key that calls them. */
export const FUNCTIONS: ReadonlyMap<string, TemplateFunction> = new Map<string, TemplateFunction>([
  ['Ref', (e, name) => (typeof name === 'string' ? ref(e, name, 'Ref') : e.invalid(`Ref of ${describe(name)}`))],
  ['Fn::GetAtt', getAtt],
  ['Fn::Sub', sub],
  ['Fn::Join', join],
  ['Fn::Split', split],
  ['Fn::Select', select],
  ['Fn::If', choose],
  ['Fn::FindInMap', findInMap],
  ['Fn::ImportValue', importValue],
  ['Fn::Base64', (e, argument, depth) => base64(e, e.under('Fn::Base64', argument, depth))],
  ['Fn::GetAZs', (e) => new Unknown('PSEUDO_PARAMETER', `the availability zones at ${e.where()} are the account's own`)],
  ['Fn::Length', length],
  ['Fn::ToJsonString', toJsonString],
  ...['Fn::And', 'Fn::Or', 'Fn::Not', 'Fn::Equals'].map((name): [string, TemplateFunction] => [
    name,
    (e, argument) => {
      const decided = conditionValue(e, { [name]: argument });
      return decided ?? new Unknown('CONDITION', `${name} at ${e.where()} is decided at deploy time`, undefined, [true, false]);
    },
  ]),
  ['Fn::Value', (_e, argument) => new Unknown('FUNCTION', `a loop over ${describe(argument)} is expanded at deploy time`)],
]);

const MAX_CANDIDATES = 64;

function ref(e: Evaluator, name: string, kind: 'Ref' | 'Sub'): Value | undefined {
  const { stack } = e;
  switch (name) {
    case 'AWS::NoValue':
      return undefined;
    case 'AWS::AccountId':
      return stack.account;
    case 'AWS::Region':
      return stack.region;
    case 'AWS::Partition':
      return stack.partition;
    case 'AWS::StackName':
      return stack.stackName;
    case 'AWS::URLSuffix':
      return stack.partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
    case 'AWS::StackId':
    case 'AWS::NotificationARNs':
      return new Unknown('PSEUDO_PARAMETER', `${name} of stack '${stack.id}' exists only after deployment`);
  }
  if (stack.hasParameter(name)) return e.adopt('NestedParameter', stack.parameter(name));
  const resource = stack.resources.get(name);
  if (resource !== undefined) return e.refer(kind, resource, 'Ref');
  if (stack.absent.has(name)) return e.invalid(`a reference to '${name}', whose condition is false,`);
  return e.invalid(`a reference to '${name}', which is neither a resource nor a parameter,`);
}

function attribute(e: Evaluator, logicalId: string, name: string, kind: 'GetAtt' | 'Sub'): Value | undefined {
  const resource = e.stack.resources.get(logicalId);
  if (resource === undefined) return e.invalid(`attribute '${name}' of '${logicalId}', which is not a resource,`);
  if (resource.type === 'AWS::CloudFormation::Stack' && name.startsWith('Outputs.')) {
    const output = e.outside.nestedOutput(e.stack, logicalId, name.slice('Outputs.'.length));
    if (output !== undefined) {
      e.refer(kind, resource, name);
      return e.adopt('NestedOutput', output);
    }
  }
  return e.refer(kind, resource, name);
}

function getAtt(e: Evaluator, argument: unknown, depth: number): Value | undefined {
  const [id, ...names] = typeof argument === 'string' ? argument.split('.') : Array.isArray(argument) ? (argument as unknown[]) : [];
  const evaluated = names.map((n) => (typeof n === 'string' ? n : e.under('Fn::GetAtt', n, depth)));
  if (typeof id !== 'string' || evaluated.length === 0 || evaluated.some((n) => typeof n !== 'string')) {
    return e.invalid(`Fn::GetAtt of ${describe(argument)}`);
  }
  return attribute(e, id, evaluated.join('.'), 'GetAtt');
}

function sub(e: Evaluator, argument: unknown, depth: number): Value | undefined {
  const [format, raw] = Array.isArray(argument) ? (argument as unknown[]) : [argument, {}];
  if (typeof format !== 'string' || !isRawObject(raw)) return e.invalid(`Fn::Sub of ${describe(format)}`);
  const parts: (string | Unknown)[] = [];
  for (const piece of format.split(/(\$\{[^{}]*\})/)) {
    if (!/^\$\{[^{}]*\}$/s.test(piece)) parts.push(piece);
    else if (piece.startsWith('${!')) parts.push(`\${${piece.slice(3, -1)}}`);
    else parts.push(...substituted(e, piece.slice(2, -1).trim(), raw, depth));
  }
  e.charge(parts);
  return joinParts(parts);
}

function substituted(e: Evaluator, name: string, variables: RawObject, depth: number): readonly (string | Unknown)[] {
  const raw = ownEntry(variables, name);
  const dot = name.indexOf('.');
  const value =
    raw !== undefined
      ? e.under('Fn::Sub', raw, depth)
      : dot > 0
        ? attribute(e, name.slice(0, dot), name.slice(dot + 1), 'Sub')
        : ref(e, name, 'Sub');
  return partsOr(e, value, `\${${name}} of Fn::Sub`);
}

function partsOr(e: Evaluator, value: Value | undefined, what: string): readonly (string | Unknown)[] {
  return textParts(value) ?? [e.invalid(`${what}, which is no text,`)];
}

function join(e: Evaluator, argument: unknown, depth: number): Value | undefined {
  const [delimiter, raw] = Array.isArray(argument) ? (argument as unknown[]) : [];
  const list = e.under('Fn::Join', raw, depth);
  if (typeof delimiter !== 'string') return e.invalid(`Fn::Join with the delimiter ${describe(delimiter)}`);
  if (list instanceof SplitText) return list.joined(delimiter);
  if (list instanceof Unknown) return list;
  if (!isList(list)) return e.invalid(`Fn::Join of ${describe(raw)}`);
  const parts: (string | Unknown)[] = [];
  list.forEach((item, i) => {
    if (i > 0) parts.push(delimiter);
    // A list in a list comes from parameters of list type.
    (isList(item) ? item : [item]).forEach((v, j) => {
      if (j > 0) parts.push(delimiter);
      parts.push(...partsOr(e, v, `item ${i} of Fn::Join`));
    });
  });
  e.charge(parts);
  return joinParts(parts);
}

function split(e: Evaluator, argument: unknown, depth: number): Value | undefined {
  const [delimiter, raw] = Array.isArray(argument) ? (argument as unknown[]) : [];
  const text = e.under('Fn::Split', raw, depth);
  if (typeof delimiter !== 'string' || delimiter === '') return e.invalid(`Fn::Split with the delimiter ${describe(delimiter)}`);
  if (typeof text === 'string') return text.split(delimiter);
  if (text instanceof Text) {
    // Generated names, accounts and regions hold neither ':' nor '/', so an ARN can be split at them.
    const atomic = text.parts.every((p) => typeof p === 'string' || p.kind === 'GENERATED_NAME' || p.kind === 'PSEUDO_PARAMETER');
    if (atomic && (delimiter === ':' || delimiter === '/')) return splitParts(text.parts, delimiter);
    return new Unknown('FUNCTION', `'${text.toString()}' is split at deploy time`);
  }
  if (!(text instanceof Unknown)) return e.invalid(`Fn::Split of ${describe(raw)}`);
  if (text.kind !== 'GENERATED_NAME' && text.kind !== 'PSEUDO_PARAMETER') return text;
  return delimiter === ':' || delimiter === '/' ? [text] : new SplitText(text, delimiter);
}

/** The parts of a text that only the deployment knows: none of them is the text. */
class SplitText extends Unknown {
  constructor(
    private readonly whole: Unknown,
    private readonly delimiter: string,
  ) {
    super('FUNCTION', `'${whole.toString()}' is split at deploy time`, whole.origin);
  }

  /** The text with another delimiter; a region without its dashes keeps saying that it is one. */
  joined(delimiter: string): Unknown {
    if (delimiter === this.delimiter) return this.whole;
    const isRegion = this.whole.kind === 'PSEUDO_PARAMETER' && this.whole.reason.startsWith('the region of');
    if (!isRegion || this.delimiter !== '-' || delimiter !== '') return new Unknown('FUNCTION', this.reason, this.origin);
    return new Unknown('PSEUDO_PARAMETER', `the name without dashes of ${this.whole.reason}`);
  }
}

function splitParts(parts: readonly (string | Unknown)[], delimiter: string): Value[] {
  const items: (string | Unknown)[][] = [[]];
  for (const part of parts) {
    const pieces = typeof part === 'string' ? part.split(delimiter) : [part];
    pieces.forEach((piece, i) => {
      if (i > 0) items.push([]);
      items[items.length - 1].push(piece);
    });
  }
  return items.map(joinParts);
}

function select(e: Evaluator, argument: unknown, depth: number): Value | undefined {
  const [rawIndex, rawList] = Array.isArray(argument) ? (argument as unknown[]) : [];
  const index = e.under('Fn::Select', rawIndex, depth);
  const list = e.under('Fn::Select', rawList, depth);
  if (list instanceof Unknown)
    return list.kind === 'FUNCTION' || list.kind === 'PSEUDO_PARAMETER' ? new Unknown(list.kind, list.reason, list.origin) : list;
  if (index instanceof Unknown) return index;
  if (!isList(list)) return e.invalid(`Fn::Select from ${describe(rawList)}`);
  return list[Number(index)] ?? e.invalid(`Fn::Select of item ${String(index)} out of ${list.length}`);
}

function choose(e: Evaluator, argument: unknown, depth: number): Value | undefined {
  if (!Array.isArray(argument) || argument.length !== 3 || typeof argument[0] !== 'string')
    return e.invalid(`Fn::If of ${describe(argument)}`);
  const [name, yes, no] = argument as [string, unknown, unknown];
  const decided = conditionValue(e, { Condition: name });
  if (decided !== undefined) return e.evaluate(decided ? yes : no, depth + 1);
  const candidates = [yes, no].map((branch) => e.evaluate(branch, depth + 1));
  return new Unknown('CONDITION', `condition '${name}' is decided at deploy time`, undefined, candidates);
}

function findInMap(e: Evaluator, argument: unknown, depth: number): Value | undefined {
  const [rawMap, rawTop, rawSecond, rawOptions] = Array.isArray(argument) ? (argument as unknown[]) : [];
  const preset = isRawObject(rawOptions) ? ownEntry(rawOptions, 'DefaultValue') : undefined;
  const keys = [rawMap, rawTop, rawSecond].map((raw) => e.under('Fn::FindInMap', raw, depth));
  let found: unknown[] = [e.stack.rawMappings];
  for (const key of keys) {
    found = found.flatMap((level) => {
      if (!isRawObject(level)) return [];
      return key instanceof Unknown || key instanceof Text
        ? Object.values(level)
        : typeof key === 'string' || typeof key === 'number'
          ? [ownEntry(level, String(key))].filter((v) => v !== undefined)
          : [];
    });
  }
  const undecided = keys.find((k) => k instanceof Unknown || k instanceof Text);
  const values = found.slice(0, MAX_CANDIDATES + 1).map((raw) => e.evaluate(raw, depth + 1));
  if (undecided === undefined && values.length === 1) return values[0];
  if (preset !== undefined) values.push(e.under('Fn::FindInMap', preset, depth));
  if (undecided === undefined)
    return values.length === 1 ? values[0] : e.invalid(`Fn::FindInMap without an entry for ${keys.map(String).join('.')}`);
  const reason = `the mapping '${String(keys[0])}' is read with a key that is chosen at deploy time`;
  return new Unknown('CONDITION', reason, undefined, values.length <= MAX_CANDIDATES ? values : undefined);
}

function importValue(e: Evaluator, argument: unknown, depth: number): Value | undefined {
  const name = e.under('Fn::ImportValue', argument, depth);
  if (typeof name !== 'string') return new Unknown('IMPORT', `the name of the import at ${e.where()} is chosen at deploy time`);
  const exported = e.outside.importValue(name);
  if (exported === undefined) return new Unknown('IMPORT', `'${name}' is exported by a stack that was not given`);
  return e.adopt('ImportValue', exported);
}

function base64(e: Evaluator, value: Value | undefined): Value | undefined {
  // The text is more use to a rule than its encoding; what reads it says "base64" by its property.
  return value === undefined || textParts(value) === undefined ? e.invalid('Fn::Base64 of what is no text') : value;
}

function length(e: Evaluator, argument: unknown, depth: number): Value | undefined {
  const list = e.under('Fn::Length', argument, depth);
  if (isList(list)) return list.length;
  return list instanceof Unknown ? new Unknown(list.kind, list.reason) : e.invalid(`Fn::Length of ${describe(argument)}`);
}

function toJsonString(e: Evaluator, argument: unknown, depth: number): Value | undefined {
  const value = e.under('Fn::ToJsonString', argument, depth);
  const parts: (string | Unknown)[] = [];
  const write = (v: Value | undefined): void => {
    if (v instanceof Unknown) parts.push(v);
    else if (v instanceof Text) {
      parts.push('"', ...v.parts.map((p) => (typeof p === 'string' ? JSON.stringify(p).slice(1, -1) : p)), '"');
    } else if (isList(v)) {
      parts.push('[');
      v.forEach((item, i) => {
        if (i > 0) parts.push(',');
        write(item);
      });
      parts.push(']');
    } else if (isDict(v)) {
      parts.push('{');
      Object.entries(v).forEach(([k, item], i) => {
        parts.push(`${i > 0 ? ',' : ''}${JSON.stringify(k)}:`);
        write(item);
      });
      parts.push('}');
    } else parts.push(JSON.stringify(v ?? null));
  };
  write(value);
  e.charge(parts);
  return joinParts(parts);
}
