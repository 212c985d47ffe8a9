import { TemplateError } from './error';

/** An object as parsed from JSON; keys are read with `Object.hasOwn` only, so names such as `__proto__` are harmless. */
export type RawObject = Readonly<Record<string, unknown>>;

/** True for an object that is no list. */
export function isRawObject(value: unknown): value is RawObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An own entry of an object, or undefined. */
export function ownEntry(object: RawObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

/** A section of a template (`Resources`, `Parameters` …), empty when it is absent. */
export function section(template: RawObject, name: string, where: string): Map<string, RawObject> {
  const raw = ownEntry(template, name);
  const entries = new Map<string, RawObject>();
  if (raw === undefined) return entries;
  if (!isRawObject(raw)) throw new TemplateError('NOT_A_TEMPLATE', `${name} of ${where} is ${describe(raw)}: expected an object`);
  for (const [key, value] of Object.entries(raw)) {
    // Entries that are lists belong to loops (Fn::ForEach); the model reports them as gaps.
    entries.set(key, isRawObject(value) ? value : { 'Fn::Value': value });
  }
  return entries;
}

/** A short word for what a value is, for messages. */
export function describe(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  const text = typeof value === 'string' ? ` '${value.slice(0, 40)}'` : '';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}${text}`;
}
