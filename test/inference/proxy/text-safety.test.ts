import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseJson } from '../../../lib/inference/proxy/json-value';
import { isUnsafeText, normalised } from '../../../lib/inference/proxy/text-safety';

describe('texts', () => {
  test.each([
    ['a null', 'a\u0000b'], ['an escape', '\u001b[2J'], ['a delete', '\u007f'], ['a control of the second set', '\u0085'], ['an override of direction', 'a\u202eb'],
    ['an isolate', '\u2066'], ['an invisible tag', `hello${String.fromCodePoint(0xe0041)}`], ['half of a pair', '\ud800'], ['a half turned round', '\udc00\ud800'],
    ['no character', '\uffff'], ['an annotation', '\ufff9'],
  ])('with %s are unsafe', (_, text) => {
    expect(isUnsafeText(text)).toBe(true);
    expect(normalised({ nested: [{ text }] })).toBeUndefined();
    expect(normalised({ [text]: 1 })).toBeUndefined();
  });

  test.each([['line breaks', 'a\tb\r\nc'], ['an emoji', '😀'], ['a family', '👨‍👩‍👧'], ['Arabic', 'مرحبا'], ['Hindi', 'नमस्ते'], ['a private character', '\ue000']])('with %s are safe', (_, text) => {
    expect(isUnsafeText(text)).toBe(false);
  });

  test('are composed', () => {
    expect(normalised({ text: 'e\u0301' })).toEqual({ text: 'é' });
    expect(normalised([null, true, 1.5, 'A\u030a'])).toEqual([null, true, 1.5, 'Å']);
  });

  test('of any form are refused or stable: a second pass changes nothing', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
      const once = normalised(text);
      if (once === undefined) return;
      expect(normalised(once)).toBe(once);
      expect(once).not.toMatch(/\p{Cs}/u);
    }));
  });
});

describe('JSON', () => {
  test('reads like the engine reads, up to the depth', () => {
    fc.assert(fc.property(fc.json({ maxDepth: 6 }), (text) => {
      expect(parseJson(text)).toEqual({ value: JSON.parse(text) });
    }));
  });

  test.each([
    ['brackets', '['.repeat(100_000)], ['objects', '{"a":'.repeat(100_000)], ['one level too many', `${'['.repeat(18)}${']'.repeat(18)}`],
  ])('refuses %s by depth', (_, text) => expect(parseJson(text)).toEqual({ problem: 'nested too deep' }));

  test.each(['', '{', 'undefined', '{"a":1,}', "{'a':1}", '01', '"\\x"', '\ufeff{}', 'NaN', '{"a":1}{"b":2}'])('refuses %j', (text) => {
    expect(parseJson(text)).toEqual({ problem: 'not JSON' });
  });

  test('counts no bracket inside a text', () => {
    expect(parseJson(JSON.stringify({ text: '[{"\\'.repeat(1000) }))).toHaveProperty('value');
  });
});
