import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toInputSchema } from '../../../lib/inference/proxy/input-schema';

const bounded = { type: 'object', properties: { text: { type: 'string', maxLength: 10 } }, required: ['text'], additionalProperties: false };

describe('a schema of requests', () => {
  test('keeps what it understands, and nothing else', () => {
    expect(toInputSchema({ ...bounded, required: undefined })).toEqual({ type: 'object', properties: { text: { type: 'string', maxLength: 10 } }, additionalProperties: false });
    const all = {
      type: 'object',
      properties: {
        list: { type: 'array', items: { type: 'number', minimum: 0, maximum: 1 }, minItems: 1, maxItems: 3 },
        kind: { type: 'string', maxLength: 5, enum: ['a', 'b'] },
        flag: { type: 'boolean' },
        whole: { type: 'integer' },
      },
      required: ['list'],
      additionalProperties: false,
    };
    expect(toInputSchema(all)).toEqual(all);
  });

  test.each<[string, unknown, string]>([
    ['no object at the root', { type: 'string', maxLength: 1 }, "must be of type 'object'"],
    ['open objects', { ...bounded, additionalProperties: undefined }, '$.additionalProperties must be false'],
    ['open objects inside', { ...bounded, properties: { a: { type: 'object', properties: { b: { type: 'boolean' } } } }, required: [] }, '$.a.additionalProperties must be false'],
    ['texts without end', { ...bounded, properties: { text: { type: 'string' } } }, '$.text.maxLength must be a whole number'],
    ['lists without end', { ...bounded, properties: { text: { type: 'array', items: { type: 'number' } } } }, '$.text.maxItems must be a whole number'],
    ['patterns', { ...bounded, properties: { text: { type: 'string', maxLength: 1, pattern: '(a+)+$' } } }, "the keyword 'pattern', which is not supported"],
    ['references', { ...bounded, properties: { text: { $ref: 'https://elsewhere' } } }, '$.text.type must be one of'],
    ['a field of every object', { ...bounded, properties: JSON.parse('{"__proto__":{"type":"boolean"}}') as object, required: [] }, 'has the name "__proto__"'],
    ['a type of every object', { ...bounded, properties: { text: { type: 'constructor' } } }, '$.text.type must be one of'],
    ['required fields that are none', { ...bounded, required: ['other'] }, '$.required must list names'],
    ['no fields', { type: 'object', properties: {}, additionalProperties: false }, 'names no field'],
    ['a bound that is no number', { ...bounded, properties: { text: { type: 'number', maximum: '9' } } }, '$.text.maximum must be a number'],
    ['an empty choice', { ...bounded, properties: { text: { type: 'string', maxLength: 1, enum: [] } } }, 'must be a list of texts'],
  ])('refuses %s', (_, schema, message) => {
    expect(() => toInputSchema(schema)).toThrow(message);
  });

  test('refuses depth and size before they cost anything', () => {
    let deep: unknown = { type: 'boolean' };
    for (let level = 0; level < 20; level += 1) deep = { type: 'object', properties: { a: deep }, additionalProperties: false };
    expect(() => toInputSchema(deep)).toThrow('nested deeper than 16');
    const wide = Object.fromEntries(Array.from({ length: 600 }, (_, index) => [`f${index}`, { type: 'boolean' }]));
    expect(() => toInputSchema({ type: 'object', properties: wide, additionalProperties: false })).toThrow('more than 500 parts');
  });

  test('reads any value to a schema that reads to itself, or refuses it with a sentence', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => {
      let schema;
      try {
        schema = toInputSchema(value);
      } catch (error) {
        expect((error as Error).message).toMatch(/^(\$|the schema)/);
        return;
      }
      expect(toInputSchema(schema)).toEqual(schema);
    }));
  });
});
