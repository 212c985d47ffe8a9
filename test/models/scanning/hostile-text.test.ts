import { describe, expect, test } from 'vitest';
import { writeGguf, writeNpy } from './fixtures/format-writer';
import { writeTar } from './fixtures/archive-writer';
import { PickleAssembler } from './fixtures/pickle-assembler';
import { scan } from './fixtures/scan';

// Each of these texts makes a pattern that may match a run in more than one way take hours; the scan must simply end.
describe('texts that make patterns backtrack', () => {
  const blanks = ' '.repeat(200_000);

  test.each<[string, string, Uint8Array]>([
    ['blanks behind a filter of a template', 'x.gguf', writeGguf({ 'tokenizer.chat_template': `{{ x |${blanks}` })],
    ['blanks behind a quote of a template', 'x.gguf', writeGguf({ 'tokenizer.chat_template': `{{ '${blanks}${`"${' '.repeat(50)}`.repeat(1000)}` })],
    ['quotes side by side in a template', 'x.gguf', writeGguf({ 'tokenizer.chat_template': `{{ ${"'a' ~ ".repeat(30_000)}` })],
    ['openings of blocks in a template', 'x.gguf', writeGguf({ 'tokenizer.chat_template': "{{ '".repeat(50_000) })],
    ['blanks behind a setting', 'MLmodel', Buffer.from(`loader_module:${' '.repeat(2_000_000)}x`)],
    ['digits of a number', 'x.pkl', Buffer.from(`F${'1'.repeat(130_000)}x\n.`)],
    ['backslashes of a text', 'x.pkl', Buffer.from(`V${'\\'.repeat(130_000)}x\n.`)],
    ['backslashes of a quoted text', 'x.pkl', Buffer.from(`S'${'\\'.repeat(130_001)}'\n.`)],
    ['zeros in a long name', 'x.tar', writeTar([{ name: 'l', type: 'L', data: Buffer.concat([Buffer.alloc(900_000), Buffer.from('x')]) }, { name: 'a.txt', data: Buffer.from('x') }])],
    ['brackets of an array header', 'x.npy', writeNpy('('.repeat(60_000), Buffer.alloc(0))],
    ['blanks of an array header', 'x.npy', writeNpy(`{${' '.repeat(60_000)}`, Buffer.alloc(0))],
    ['brackets of JSON', 'x.json', Buffer.from('['.repeat(1_000_000))],
    ['escapes of JSON', 'x.json', Buffer.from(`"${'\\u0041'.repeat(300_000)}`)],
    ['a name with many endings', 'x.pkl', new PickleAssembler().proto(4).stackGlobal('a.'.repeat(2000), 'b.'.repeat(2000)).stop()],
  ])('%s', async (_, name, bytes) => {
    expect(['SAFE', 'SUSPICIOUS', 'UNSCANNABLE', 'DANGEROUS']).toContain((await scan(name, bytes)).verdict);
    expect((await scan(name, bytes)).reasons.map(({ code }) => code)).not.toContain('INTERNAL_ERROR');
  });
});
