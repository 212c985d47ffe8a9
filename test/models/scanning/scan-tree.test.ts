import { describe, expect, test } from 'vitest';
import { BytesSource } from '../../../lib/models/scanning/ranged-source';
import { scanTree, type TreeFile } from '../../../lib/models/scanning/scan-tree';
import { writeSafetensors } from './fixtures/format-writer';
import { EVIL_PICKLE } from './fixtures/pickle-assembler';

const file = (path: string, content: Uint8Array | string): TreeFile => ({ path, source: new BytesSource(Buffer.from(content as string)) });
const weights = file('model.safetensors', writeSafetensors({ w: { dtype: 'U8', shape: [4], data_offsets: [0, 4] } }, Buffer.alloc(4)));
const config = (more: object): TreeFile => file('config.json', JSON.stringify({ architectures: ['X'], ...more }));

describe('a model repository', () => {
  test('weights, settings and texts are safe together', async () => {
    const report = await scanTree([weights, config({}), file('README.md', '# A model'), file('tokenizer.json', '{"a":[1]}'), file('.gitattributes', '*.bin filter=lfs')]);
    expect(report).toMatchObject({ schema: 'cdk-secure-ai/scan-report/v1', verdict: 'SAFE', counts: { SAFE: 5, DANGEROUS: 0 } });
  });

  test.each<[string, TreeFile, string]>([
    ['code that the settings name', config({ auto_map: { AutoModel: 'modeling.X' } }), 'REPOSITORY_REMOTE_CODE'],
    ['code that nested settings name', config({ text_config: { auto_map: { AutoModel: 'modeling.X' } } }), 'REPOSITORY_REMOTE_CODE'],
    ['trust in remote code', config({ trust_remote_code: true }), 'REPOSITORY_REMOTE_CODE'],
    ['a pipeline of its own', file('model_index.json', '{"custom_pipelines":{"a":{}}}'), 'REPOSITORY_REMOTE_CODE'],
    ['a module type outside sentence-transformers', file('modules.json', '[{"type":"os.system"}]'), 'REPOSITORY_LOADER'],
    ['a loader module', file('MLmodel', 'flavors:\n  python_function:\n    loader_module: evil\n'), 'REPOSITORY_LOADER'],
    ['a Python object in YAML', file('config.yaml', 'a: !!python/object/apply:os.system [id]\n'), 'REPOSITORY_LOADER'],
    ['a Python file', file('modeling.py', 'import os'), 'SCRIPT_CODE'],
    ['a library', file('kernel.so', 'x'), 'NATIVE_CODE'],
    ['a template with code', file('tokenizer_config.json', '{"chat_template":"{{ x.__class__ }}"}'), 'TEMPLATE_CODE'],
    ['a template list with code', file('tokenizer_config.json', '{"chat_template":[{"name":"a","template":"{{ x.__class__ }}"}]}'), 'TEMPLATE_CODE'],
    ['a template file with code', file('chat_template.jinja', '{{ x.__class__ }}'), 'TEMPLATE_CODE'],
    ['settings that readers see differently', file('config.json', '{"auto_map":{},"auto_map":{"a":"b"}}'), 'JSON_DUPLICATE_KEY'],
    ['a path upwards', file('../x.txt', 'text'), 'ARCHIVE_PATH'],
    ['a backslash in a path', file('a\\b.txt', 'text'), 'ARCHIVE_PATH'],
  ])('%s does not pass', async (_, extra, code) => {
    const report = await scanTree([weights, extra]);
    expect(report.verdict).not.toBe('SAFE');
    expect(report.files.flatMap(({ reasons }) => reasons.map((reason) => reason.code))).toContain(code);
  });

  test('settings without remote code pass', async () => {
    expect((await scanTree([weights, config({ auto_map: {}, trust_remote_code: false }), file('modules.json', '[{"type":"sentence_transformers.models.Pooling"}]')])).verdict).toBe('SAFE');
  });

  test('the worst file decides', async () => {
    const report = await scanTree([weights, file('a.pkl', EVIL_PICKLE), file('b.py', 'x')]);
    expect(report).toMatchObject({ verdict: 'DANGEROUS', counts: { SAFE: 1, SUSPICIOUS: 1, UNSCANNABLE: 0, DANGEROUS: 1 } });
  });

  test('the report does not depend on the order of files', async () => {
    const files = [weights, file('a.pkl', EVIL_PICKLE), file('\u{10000}.txt', 'x'), file('\uffff.txt', 'y'), config({ auto_map: { a: 'b' } })];
    const reports = await Promise.all([scanTree(files), scanTree([...files].reverse())]);
    expect(JSON.stringify(reports[0])).toBe(JSON.stringify(reports[1]));
    expect(reports[0].files.map(({ path }) => path)).toEqual(['a.pkl', 'config.json', 'model.safetensors', '\uffff.txt', '\u{10000}.txt']);
  });

  test('nothing at all, and a path given twice, do not pass', async () => {
    expect((await scanTree([])).verdict).toBe('UNSCANNABLE');
    expect((await scanTree([weights, weights])).verdict).toBe('DANGEROUS');
  });
});
