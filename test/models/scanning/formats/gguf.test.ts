import { readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { writeGguf } from '../fixtures/format-writer';
import { verdictOf } from '../fixtures/scan';

const real = (name: string): Buffer => readFileSync(`${__dirname}/../fixtures/real/${name}`);
const template = (text: string): Buffer => writeGguf({ 'tokenizer.chat_template': text });
const HARMLESS = "{% for m in messages %}{% if loop.first and m['role'] != 'system' %}{{ '<|im_start|>system\n' }}{% endif %}{{ m.content | trim }}{% endfor %}{% set ns = namespace(found=false) %}{{ raise_exception('no') }}";

describe('GGUF', () => {
  test('files of the library and own ones are judged by their templates', async () => {
    expect(await verdictOf('x.gguf', real('template-safe.gguf'))).toBe('SAFE');
    expect(await verdictOf('x.gguf', real('template-evil.gguf'))).toBe('DANGEROUS TEMPLATE_CODE');
    expect(await verdictOf('x.gguf', template(HARMLESS))).toBe('SAFE');
    expect(await verdictOf('x.gguf', writeGguf({ 'general.description': '{{ x.__class__ }} is no template' }))).toBe('SAFE');
  });

  test.each([
    '{{ x.__class__.__mro__[1].__subclasses__() }}',
    "{{ x['__cla' ~ 'ss__'] }}",
    "{{ x['\\x5f\\x5fclass\\x5f\\x5f'] }}",
    "{{ x['\\137\\137class\\137\\137'] }}",
    "{{ x['\\u005f_class__'] }}",
    "{{ x|attr('x') }}",
    "{{ ()|map('_x') }}",
    '{{ cycler.next }}',
    '{{ lipsum.a }}',
    '{{ self.a }}',
    "{{ namespace['a'] }}",
    "{% include '/etc/passwd' %}",
    "{%- import 'x' as y %}",
    "{{ '}}' ~ x.__class__ }}",
    "{{ x['a'.join(['__','b'])] }}{{ '__' }}",
    "{{ '{}'.format_map }}{{ x.format_map(y) }}",
    '{{ hidden\u202e }}',
    'text \u{e0041}',
  ])('the template %s does not pass', async (text) => {
    expect(await verdictOf('x.gguf', template(text))).not.toBe('SAFE');
  });

  test('named templates count, and a reviewed template passes by its digest', async () => {
    const text = '{{ cycler.x }}';
    expect(await verdictOf('x.gguf', writeGguf({ 'tokenizer.chat_template.tool_use': text }))).toBe('DANGEROUS TEMPLATE_CODE');
    const digest = createHash('sha256').update(text).digest('hex');
    expect(await verdictOf('x.gguf', template(text), { policy: { chatTemplates: [digest] } })).toBe('SAFE');
  });

  test.each<[string, Buffer]>([
    ['a tensor beyond the file', writeGguf({}, { offset: 1024 })],
    ['a tensor out of line', writeGguf({}, { offset: 7 })],
    ['a tensor inside the file, but out of line', Buffer.concat([writeGguf({}, { offset: 8 }), Buffer.alloc(64)])],
    ['an unknown tensor type', writeGguf({}, { type: 200 })],
    ['five dimensions', writeGguf({}, { dimensions: 5 })],
    ['a big-endian or unknown version', writeGguf({}, { version: 0x03000000 })],
    ['a count of keys beyond the file', ((): Buffer => { const bytes = writeGguf({}); bytes.writeBigUInt64LE(50_000n, 16); return bytes; })()],
    ['a count beyond 2^53', ((): Buffer => { const bytes = writeGguf({}); bytes.writeBigUInt64LE(2n ** 60n, 8); return bytes; })()],
    ['the start only', writeGguf({}).subarray(0, 20)],
    ['a text of 2^62 bytes', ((): Buffer => { const bytes = writeGguf({ a: 'b' }); bytes.writeBigUInt64LE(2n ** 52n, 37); return bytes; })()],
  ])('%s is unscannable', async (_, bytes) => {
    expect(await verdictOf('x.gguf', bytes)).toMatch(/^UNSCANNABLE/);
  });
});
