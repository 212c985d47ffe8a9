/** Why a value cannot be known from the templates. */
export type UnknownKind =
  /** A name that CloudFormation makes up; its shape is known. */
  | 'GENERATED_NAME'
  /** An attribute that exists only after the resource does. */
  | 'ATTRIBUTE'
  /** A parameter without a usable default. */
  | 'PARAMETER'
  /** A parameter with `NoEcho`: the console and the API do not show its value with the stack. */
  | 'HIDDEN_PARAMETER'
  /** Account, region and the like of a stack without a fixed environment. */
  | 'PSEUDO_PARAMETER'
  /** Either of two branches. */
  | 'CONDITION'
  /** An export of a stack that was not given. */
  | 'IMPORT'
  /** `{{resolve:…}}`: read from a store at deploy time. */
  | 'DYNAMIC_REFERENCE'
  /** A macro or a function that only CloudFormation can run. */
  | 'FUNCTION'
  /** Names something that does not exist, has the wrong shape, or refers to itself. */
  | 'INVALID';

/** Where a value comes from: a resource of the model and its attribute (`Ref` for its reference value). */
export interface Origin {
  /** `stackId/LogicalId`. */
  readonly resource: string;
  readonly attribute: string;
}

/** A value that the templates do not decide. It is never dropped and never counts as passed: whoever meets it says "undetermined". */
export class Unknown {
  constructor(
    readonly kind: UnknownKind,
    /** What is not known and why, for a person. */
    readonly reason: string,
    /** The resource that will supply it. */
    readonly origin?: Origin,
    /** All values that it can take, when these are known; `undefined` stands for "not there" (`AWS::NoValue`). */
    readonly candidates?: readonly (Value | undefined)[],
  ) {}

  /** Whether whoever deploys gives the value, shown or hidden. */
  get isParameter(): boolean {
    return this.kind === 'PARAMETER' || this.kind === 'HIDDEN_PARAMETER';
  }

  /** Short form in angle brackets, as it appears inside texts. */
  toString(): string {
    return this.origin ? `<${this.origin.resource.replace(/^.*\//s, '')}.${this.origin.attribute}>` : `<${this.kind.toLowerCase()}>`;
  }
}

/** A text of which some parts are unknown. A text without unknown parts is a plain string. */
export class Text {
  /** At least one part is an `Unknown`; neighbouring strings are merged and none is empty. */
  constructor(readonly parts: readonly (string | Unknown)[]) {}

  /** The text with unknown parts in angle brackets: for people, not for decisions. */
  toString(): string {
    return this.parts.join('');
  }
}

/** An object of the template. It has no prototype, so a key such as `constructor` is a key like any other. */
export interface Dict {
  readonly [key: string]: Value;
}

/** A value of a template after evaluation of its functions. */
export type Value = null | boolean | number | string | Text | Unknown | readonly Value[] | Dict;

/** True for a list. */
export function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value);
}

/** True for an object of the template. */
export function isDict(value: Value | undefined): value is Dict {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Unknown) && !(value instanceof Text);
}

/** The value as a list: a single value becomes a list of one, a missing one the empty list. */
export function listOf(value: Value | undefined): readonly Value[] {
  if (value === undefined) return [];
  return isList(value) ? value : [value];
}

/** Joins parts to the simplest value: a string if all are known, the unknown itself if it stands alone. */
export function joinParts(parts: readonly (string | Unknown)[]): string | Text | Unknown {
  const merged: (string | Unknown)[] = [];
  let run: string[] = [];
  const flush = (): void => {
    const text = run.length === 1 ? run[0] : run.join('');
    if (text !== '') merged.push(text);
    run = [];
  };
  for (const part of parts) {
    if (typeof part === 'string') run.push(part);
    else {
      flush();
      merged.push(part);
    }
  }
  flush();
  if (merged.length === 0) return '';
  if (merged.length === 1) return merged[0];
  return new Text(merged);
}

/** The parts of a value that can stand in a text, or undefined if it cannot (a list, an object, null). */
export function textParts(value: Value | undefined): readonly (string | Unknown)[] | undefined {
  if (typeof value === 'string') return [value];
  if (typeof value === 'number' || typeof value === 'boolean') return [String(value)];
  if (value instanceof Text) return value.parts;
  if (value instanceof Unknown) return [value];
  return undefined;
}

/** All unknown values inside a value, in document order. */
export function unknownsIn(value: Value | undefined): Unknown[] {
  const found: Unknown[] = [];
  const walk = (v: Value | undefined): void => {
    if (v instanceof Unknown) found.push(v);
    else if (v instanceof Text) v.parts.forEach((p) => p instanceof Unknown && found.push(p));
    else if (isList(v)) v.forEach(walk);
    else if (isDict(v)) Object.values(v).forEach(walk);
  };
  walk(value);
  return found;
}

/** The value at a path of keys and list indexes; an unknown on the way is the answer. */
export function valueAt(value: Value | undefined, path: readonly (string | number)[]): Value | undefined {
  let current = value;
  for (const step of path) {
    if (current === undefined || current instanceof Unknown) return current;
    if (isList(current)) current = current[Number(step)];
    else if (isDict(current)) current = current[step];
    else return undefined;
  }
  return current;
}
