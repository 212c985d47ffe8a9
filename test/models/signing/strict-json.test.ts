import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonValue} from '../../../lib/models/signing/strict-json';
import { parseStrictJson } from '../../../lib/models/signing/strict-json';
import { expectRefusal } from './refusal';

const parse = (text: string): JsonValue => parseStrictJson(Buffer.from(text));

function toPlain(value: JsonValue): unknown {
  if (value instanceof Map) return Object.fromEntries([...(value as ReadonlyMap<string, JsonValue>)].map(([key, item]) => [key, toPlain(item)]));
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map(toPlain);
  return value;
}

describe('strict JSON', () => {
  test('reads what JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), fc.constantFrom(undefined, 2, '\t'), (value, indent) => {
        const text = JSON.stringify(value, undefined, indent);
        expect(JSON.stringify(toPlain(parse(text)))).toBe(JSON.stringify(JSON.parse(text)));
      }),
    );
  });

  test('refuses whatever JSON.parse refuses', () => {
    const fragments = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"',
      '\\',
      '1',
      '-',
      '.5',
      '01',
      'e9',
      'true',
      'nul',
      ' ',
      '\n',
      '\u00a0',
      '\\u00e9',
      '+',
      '"\\x"',
    );
    fc.assert(
      fc.property(fc.array(fragments, { maxLength: 8 }), (parts) => {
        const text = parts.join('');
        let valid = true;
        try {
          JSON.parse(text);
        } catch {
          valid = false;
        }
        if (!valid) expect(() => parse(text)).toThrow();
      }),
      { numRuns: 2000 },
    );
  });

  test.each(['{"a":1,"a":1}', '{"a":1,"\\u0061":2}', '[{"x":{"k":1,"j":2,"k":3}}]', '{"__proto__":1,"__proto__":2}'])(
    'refuses the duplicate key in %s',
    async (text) => {
      await expectRefusal(() => parse(text), 'JSON_DUPLICATE_KEY');
    },
  );

  test('keeps keys named like members of a prototype as plain keys', () => {
    const value = parse('{"__proto__":{"polluted":true},"constructor":1,"hasOwnProperty":2}') as ReadonlyMap<string, JsonValue>;
    expect([...value.keys()]).toEqual(['__proto__', 'constructor', 'hasOwnProperty']);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test('refuses bytes that are not UTF-8, a byte order mark and lone surrogates', async () => {
    await expectRefusal(() => parseStrictJson(Buffer.from([0x22, 0xff, 0x22])), 'JSON_ENCODING');
    await expectRefusal(() => parseStrictJson(Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])), 'JSON_ENCODING');
    await expectRefusal(() => parse('\ufeff{}'), 'JSON_SYNTAX');
    await expectRefusal(() => parse('"\\ud800"'), 'JSON_ENCODING');
    await expectRefusal(() => parse('"\\udc00\\ud800"'), 'JSON_ENCODING');
    expect(parse('"\\ud83d\\ude00"')).toBe('😀');
  });

  test('refuses nesting that would exhaust the stack', async () => {
    await expectRefusal(() => parse('['.repeat(500_000)), 'JSON_TOO_DEEP');
    await expectRefusal(() => parse('{"a":'.repeat(100_000)), 'JSON_TOO_DEEP');
  });

  test.each([
    '',
    ' ',
    '{}x',
    '{} {}',
    '[1,]',
    '{"a":1,}',
    '{a:1}',
    "'a'",
    '01',
    '1.',
    '.1',
    '+1',
    '1e',
    '1e999',
    '"a\nb"',
    '"\\u12"',
    '"\\q"',
    'NaN',
    '"open',
  ])('refuses %j', async (text) => {
    await expectRefusal(() => parse(text), 'JSON_SYNTAX');
  });
});
