/**
 * The part of JSON Schema that a request may be described with: every value is bounded, every field is named.
 *
 * It is small on purpose. API Gateway judges a request by it first (draft 4), the proxy a second time; what neither can judge in bounded
 * time, such as a pattern, is not in it.
 */
export type InputSchema = ObjectSchema | ArraySchema | StringSchema | NumberSchema | BooleanSchema;

export interface ObjectSchema {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, InputSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties: false;
}

export interface ArraySchema {
  readonly type: 'array';
  readonly items: InputSchema;
  readonly minItems?: number;
  readonly maxItems: number;
}

export interface StringSchema {
  readonly type: 'string';
  readonly minLength?: number;
  /** In code points. */
  readonly maxLength: number;
  readonly enum?: readonly string[];
}

export interface NumberSchema {
  readonly type: 'number' | 'integer';
  readonly minimum?: number;
  readonly maximum?: number;
}

export interface BooleanSchema {
  readonly type: 'boolean';
}

/** How deep a schema, and with it a request, may be nested. */
export const MAX_DEPTH = 16;
/** How many parts a schema may have. */
const MAX_PARTS = 500;
/** The longest text, in code points: SageMaker takes 25 MB in all, API Gateway 10 MB, a Lambda function 6 MB. */
const MAX_LENGTH = 5_000_000;
const MAX_ITEMS = 1_000_000;

const KEYWORDS: Readonly<Record<InputSchema['type'], readonly string[]>> = {
  object: ['type', 'properties', 'required', 'additionalProperties'],
  array: ['type', 'items', 'minItems', 'maxItems'],
  string: ['type', 'minLength', 'maxLength', 'enum'],
  number: ['type', 'minimum', 'maximum'],
  integer: ['type', 'minimum', 'maximum'],
  boolean: ['type'],
};

/** Names that every JavaScript object inherits something under, or that change what an object is. */
const FORBIDDEN_NAMES = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Reads a schema, as the synthesis got it from a user and as the handler gets it from its environment.
 *
 * @throws Error that says where the schema leaves something open, or uses what is not supported
 */
export function toInputSchema(value: unknown): InputSchema {
  const schema = read(value, '$', 0, { parts: 0 });
  if (schema.type !== 'object') throw new Error(`the schema of a request must be of type 'object', got '${schema.type}'`);
  return schema;
}

function read(value: unknown, at: string, depth: number, budget: { parts: number }): InputSchema {
  if (depth > MAX_DEPTH) throw new Error(`the schema is nested deeper than ${MAX_DEPTH} at ${at}`);
  budget.parts += 1;
  if (budget.parts > MAX_PARTS) throw new Error(`the schema has more than ${MAX_PARTS} parts: split the request over several routes`);
  const schema = plainObject(value, at);
  const { type } = schema;
  if (typeof type !== 'string' || !Object.hasOwn(KEYWORDS, type)) {
    throw new Error(`${at}.type must be one of ${Object.keys(KEYWORDS).join(', ')}, got ${JSON.stringify(type)}`);
  }
  const known = KEYWORDS[type as InputSchema['type']];
  const unknown = Object.keys(schema).find((key) => !known.includes(key) && schema[key] !== undefined);
  if (unknown !== undefined) throw new Error(`${at} has the keyword '${unknown}', which is not supported for '${type}': use ${known.join(', ')}`);
  switch (type as InputSchema['type']) {
    case 'object': return objectSchema(schema, at, depth, budget);
    case 'array': return {
      type: 'array',
      items: read(schema.items, `${at}.items`, depth + 1, budget),
      ...optional('minItems', count(schema.minItems, `${at}.minItems`, MAX_ITEMS, true)),
      maxItems: count(schema.maxItems, `${at}.maxItems`, MAX_ITEMS)!,
    };
    case 'string': return {
      type: 'string',
      ...optional('minLength', count(schema.minLength, `${at}.minLength`, MAX_LENGTH, true)),
      maxLength: count(schema.maxLength, `${at}.maxLength`, MAX_LENGTH)!,
      ...optional('enum', choices(schema.enum, `${at}.enum`)),
    };
    case 'number':
    case 'integer': return {
      type: type as 'number' | 'integer',
      ...optional('minimum', finite(schema.minimum, `${at}.minimum`)),
      ...optional('maximum', finite(schema.maximum, `${at}.maximum`)),
    };
    case 'boolean': return { type: 'boolean' };
  }
}

function objectSchema(schema: Record<string, unknown>, at: string, depth: number, budget: { parts: number }): ObjectSchema {
  if (schema.additionalProperties !== false) throw new Error(`${at}.additionalProperties must be false: fields that nobody named are refused`);
  const properties = plainObject(schema.properties, `${at}.properties`);
  const names = Object.keys(properties);
  if (names.length === 0) throw new Error(`${at}.properties names no field`);
  for (const name of names) {
    if (!/^[\w.-]{1,128}$/.test(name) || FORBIDDEN_NAMES.has(name)) {
      throw new Error(`${at}.properties has the name ${JSON.stringify(name)}: use letters, digits, '_', '.' and '-', and none of ${[...FORBIDDEN_NAMES].join(', ')}`);
    }
  }
  const required = schema.required ?? [];
  if (!Array.isArray(required) || required.some((name) => typeof name !== 'string' || !names.includes(name))) {
    throw new Error(`${at}.required must list names of its properties, got ${JSON.stringify(required)}`);
  }
  return {
    type: 'object',
    properties: Object.fromEntries(names.map((name) => [name, read(properties[name], `${at}.${name}`, depth + 1, budget)])),
    // Draft 4, which API Gateway follows, refuses an empty list.
    ...(required.length > 0 ? { required: required as string[] } : {}),
    additionalProperties: false,
  };
}

function plainObject(value: unknown, at: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(`${at} must be an object, got ${JSON.stringify(value) ?? 'nothing'}`);
  return value as Record<string, unknown>;
}

function count(value: unknown, at: string, most: number, mayBeAbsent = false): number | undefined {
  if (value === undefined && mayBeAbsent) return undefined;
  if (!Number.isInteger(value) || (value as number) < 0 || (value as number) > most) {
    throw new Error(`${at} must be a whole number from 0 to ${most}, got ${JSON.stringify(value) ?? 'nothing'}: everything in a request has a limit`);
  }
  return value as number;
}

function finite(value: unknown, at: string): number | undefined {
  if (value === undefined) return undefined;
  if (!Number.isFinite(value)) throw new Error(`${at} must be a number, got ${JSON.stringify(value)}`);
  return value as number;
}

function choices(value: unknown, at: string): string[] | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || value.length === 0 || value.some((one) => typeof one !== 'string')) {
    throw new Error(`${at} must be a list of texts, got ${JSON.stringify(value)}`);
  }
  return value as string[];
}

function optional<K extends string, V>(name: K, value: V | undefined): Partial<Record<K, V>> {
  return (value === undefined ? {} : { [name]: value }) as Partial<Record<K, V>>;
}
