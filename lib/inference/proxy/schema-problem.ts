import type { InputSchema, ObjectSchema } from './input-schema';
import type { JsonValue } from './json-value';

/** Where and how a value does not fit a schema, in the first place found; undefined when it fits. Places and limits, no content. */
export function schemaProblem(schema: InputSchema, value: JsonValue, at = '$'): string | undefined {
  switch (schema.type) {
    case 'object':
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return `${at} must be an object`;
      return fieldsProblem(schema, value as Readonly<Record<string, JsonValue>>, at);
    case 'array': {
      if (!Array.isArray(value)) return `${at} must be an array`;
      if (value.length > schema.maxItems || value.length < (schema.minItems ?? 0)) {
        return `${at} has ${value.length} items, allowed are ${schema.minItems ?? 0} to ${schema.maxItems}`;
      }
      for (const [index, item] of (value as JsonValue[]).entries()) {
        const problem = schemaProblem(schema.items, item, `${at}[${index}]`);
        if (problem) return problem;
      }
      return undefined;
    }
    case 'string': {
      if (typeof value !== 'string') return `${at} must be a string`;
      const length = codePoints(value);
      if (length > schema.maxLength || length < (schema.minLength ?? 0)) {
        return `${at} has ${length} characters, allowed are ${schema.minLength ?? 0} to ${schema.maxLength}`;
      }
      return schema.enum && !schema.enum.includes(value) ? `${at} is none of the ${schema.enum.length} allowed values` : undefined;
    }
    case 'number':
    case 'integer':
      if (typeof value !== 'number' || !Number.isFinite(value)) return `${at} must be a finite number`;
      // Beyond 2^53 a whole number changes its value when it is read.
      if (schema.type === 'integer' && !Number.isSafeInteger(value)) return `${at} must be a whole number of at most 53 bits`;
      if (value < (schema.minimum ?? -Infinity) || value > (schema.maximum ?? Infinity)) return `${at} is out of its range`;
      return undefined;
    case 'boolean':
      return typeof value === 'boolean' ? undefined : `${at} must be true or false`;
  }
}

function fieldsProblem(schema: ObjectSchema, value: Readonly<Record<string, JsonValue>>, at: string): string | undefined {
  for (const name of schema.required ?? []) if (!Object.hasOwn(value, name)) return `${at}.${name} is missing`;
  for (const name of Object.keys(value)) {
    // The name is the caller's: it is not repeated.
    if (!Object.hasOwn(schema.properties, name)) return `${at} has a field that the schema does not name`;
    const problem = schemaProblem(schema.properties[name], value[name], `${at}.${name}`);
    if (problem) return problem;
  }
  return undefined;
}

function codePoints(text: string): number {
  let count = 0;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit < 0xdc00 || unit > 0xdfff) count += 1;
  }
  return count;
}
