import { TemplateError } from './error';
import { FUNCTIONS } from './functions';
import type { Budget } from './limits';
import type { RawObject} from './raw';
import { isRawObject } from './raw';
import type { ReferenceValues } from './reference';
import type { EdgeKind, Resource } from './resource';
import type { Reference, Stack, Traced } from './stack';
import type { Text, Dict, Value} from './value';
import { Unknown, joinParts } from './value';

/** Looks up what lies outside the stack at hand. */
export interface Outside {
  /** An exported value. */
  readonly importValue: (name: string) => Traced | undefined;
  /** An output of a nested stack. */
  readonly nestedOutput: (stack: Stack, logicalId: string, output: string) => Traced | undefined;
}

/** Called at each reference with the path of the value that holds it. */
export type OnReference = (kind: EdgeKind, reference: Reference, path: string) => void;

/** Evaluates the functions of one stack's values. */
export class Evaluator {
  private readonly path: (string | number)[] = [];

  constructor(
    readonly stack: Stack,
    readonly references: ReferenceValues,
    readonly outside: Outside,
    private readonly budget: Budget,
    private readonly onReference: OnReference = () => undefined,
  ) {}

  /** Evaluates a raw value; undefined stands for `AWS::NoValue`. */
  evaluate(raw: unknown, depth = 0): Value | undefined {
    this.budget.visit(depth, () => this.where());
    if (typeof raw === 'string') return raw.includes('{{resolve:') ? dynamicReference(raw) : raw;
    if (raw === null || typeof raw === 'boolean' || typeof raw === 'number') return raw;
    if (Array.isArray(raw)) return this.list(raw, depth);
    if (isRawObject(raw)) {
      const called = this.call(raw, depth);
      return called === undefined ? this.dict(raw, depth) : called.result;
    }
    throw new TemplateError('NOT_A_TEMPLATE', `${this.where()} is a ${typeof raw}: expected what JSON can hold`);
  }

  /** Evaluates a value below a key, so that references know their path. */
  under(key: string | number, raw: unknown, depth: number): Value | undefined {
    this.path.push(key);
    const value = this.evaluate(raw, depth + 1);
    this.path.pop();
    return value;
  }

  /** Records a reference and gives its value. */
  refer(kind: EdgeKind, resource: Resource, attribute: string): Value {
    this.onReference(kind, { resource, attribute }, this.path.join('.'));
    return this.references.of(resource, attribute);
  }

  /** Takes over a value from elsewhere with what it refers to. */
  adopt(kind: EdgeKind, traced: Traced): Value | undefined {
    for (const reference of traced.references) this.onReference(kind, reference, this.path.join('.'));
    return traced.value;
  }

  /** Charges a text that a function builds. */
  charge(parts: readonly (string | Unknown)[]): void {
    this.budget.text(
      parts.reduce((sum, p) => sum + (typeof p === 'string' ? p.length : 1), 0),
      () => this.where(),
    );
  }

  /** Where the evaluation stands, for messages. */
  where(): string {
    return `${this.path.slice(0, 12).join('.') || 'a value'} of stack '${this.stack.id}'`;
  }

  /** An unknown for something that is wrong in the template. */
  invalid(what: string): Unknown {
    return new Unknown('INVALID', `${what} at ${this.where()}`);
  }

  private call(raw: RawObject, depth: number): { readonly result: Value | undefined } | undefined {
    const keys = Object.keys(raw);
    const name = keys[0];
    if (keys.length === 1 && (name === 'Ref' || name.startsWith('Fn::'))) {
      const fn = FUNCTIONS.get(name);
      return { result: fn ? fn(this, raw[name], depth) : new Unknown('FUNCTION', `${name} at ${this.where()} runs at deploy time`) };
    }
    if (keys.includes('Fn::Transform')) return { result: new Unknown('FUNCTION', `the macro at ${this.where()} runs at deploy time`) };
    return undefined;
  }

  private list(raw: readonly unknown[], depth: number): Value {
    const list: Value[] = [];
    for (let i = 0; i < raw.length; i++) {
      const value = this.under(i, raw[i], depth);
      if (value !== undefined) list.push(value);
    }
    return list;
  }

  private dict(raw: RawObject, depth: number): Dict {
    const dict = Object.create(null) as Record<string, Value>;
    for (const key of Object.keys(raw)) {
      const value = this.under(key, raw[key], depth);
      if (value !== undefined) dict[key] = value;
    }
    return dict;
  }
}

/** A text with `{{resolve:…}}` parts, each of them unknown until deployment. */
function dynamicReference(text: string): string | Text | Unknown {
  const parts = text
    .split(/(\{\{resolve:[^{}]*\}\})/)
    .map((piece) => (piece.startsWith('{{resolve:') ? new Unknown('DYNAMIC_REFERENCE', `${piece} is read at deploy time`) : piece));
  return joinParts(parts);
}
