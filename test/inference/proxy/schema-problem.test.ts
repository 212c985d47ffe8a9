import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toInputSchema } from '../../../lib/inference/proxy/input-schema';
import type { JsonValue } from '../../../lib/inference/proxy/json-value';
import { schemaProblem } from '../../../lib/inference/proxy/schema-problem';

const schema = toInputSchema({
  type: 'object',
  properties: {
    prompt: { type: 'string', minLength: 1, maxLength: 5 },
    scores: { type: 'array', items: { type: 'number', minimum: 0, maximum: 1 }, minItems: 1, maxItems: 2 },
    count: { type: 'integer', minimum: 0 },
    kind: { type: 'string', maxLength: 9, enum: ['a', 'b'] },
    flag: { type: 'boolean' },
    inner: { type: 'object', properties: { x: { type: 'boolean' } }, required: ['x'], additionalProperties: false },
  },
  required: ['prompt'],
  additionalProperties: false,
});

describe('a request', () => {
  test.each<[string, JsonValue]>([
    ['with what is required', { prompt: 'hello' }],
    ['with everything', { prompt: '😀😀😀😀😀', scores: [0, 1], count: 3, kind: 'b', flag: false, inner: { x: true } }],
  ])('%s fits', (_, value) => expect(schemaProblem(schema, value)).toBeUndefined());

  test.each<[string, unknown, string]>([
    ['without a field', {}, '$.prompt is missing'],
    ['with a field too many', { prompt: 'a', secret: 'value' }, '$ has a field that the schema does not name'],
    ['with a field of every object', JSON.parse('{"prompt":"a","__proto__":{"x":1}}'), '$ has a field that the schema does not name'],
    ['with a constructor', { prompt: 'a', constructor: 1 }, '$ has a field that the schema does not name'],
    ['that is a list', [], '$ must be an object'],
    ['that is nothing', null, '$ must be an object'],
    ['too long', { prompt: 'abcdef' }, '$.prompt has 6 characters, allowed are 1 to 5'],
    ['too short', { prompt: '' }, '$.prompt has 0 characters'],
    ['with a number for a text', { prompt: 1 }, '$.prompt must be a string'],
    ['with too many items', { prompt: 'a', scores: [0, 0, 0] }, '$.scores has 3 items'],
    ['with a bad item', { prompt: 'a', scores: [0, 2] }, '$.scores[1] is out of its range'],
    ['with a text for a number', { prompt: 'a', scores: ['0'] }, '$.scores[0] must be a finite number'],
    ['with half a number', { prompt: 'a', count: 1.5 }, '$.count must be a whole number'],
    ['with a number that would change', { prompt: 'a', count: 2 ** 53 }, '$.count must be a whole number of at most 53 bits'],
    ['with infinity', { prompt: 'a', scores: [JSON.parse('1e999')] }, '$.scores[0] must be a finite number'],
    ['with another choice', { prompt: 'a', kind: 'c' }, '$.kind is none of the 2 allowed values'],
    ['with one for true', { prompt: 'a', flag: 1 }, '$.flag must be true or false'],
    ['with a hole inside', { prompt: 'a', inner: {} }, '$.inner.x is missing'],
  ])('%s does not fit', (_, value, problem) => expect(schemaProblem(schema, value as JsonValue)).toContain(problem));

  test('that does not fit is told without its content', () => {
    fc.assert(fc.property(fc.dictionary(fc.stringMatching(/^zq[a-z]{6,12}$/), fc.stringMatching(/^zq[a-z]{8,20}$/), { minKeys: 1 }), (value) => {
      expect(schemaProblem(schema, { prompt: 'a', ...value })).not.toMatch(/zq/);
    }));
  });
});
