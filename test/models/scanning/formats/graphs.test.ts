import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { BytesSource } from '../../../../lib/models/scanning/ranged-source';
import { scanTree } from '../../../../lib/models/scanning/scan-tree';
import { writeProtobuf } from '../fixtures/format-writer';
import { EVIL_PICKLE } from '../fixtures/pickle-assembler';
import { scan, verdictOf } from '../fixtures/scan';

const pb = writeProtobuf;
const real = (name: string): Buffer => readFileSync(`${__dirname}/../fixtures/real/${name}`);
const node = (op: string, domain = '', attribute: Uint8Array = Buffer.alloc(0)): Buffer => pb({ 4: op, 5: attribute, 7: domain });
const onnx = (graph: Parameters<typeof pb>[0], more: Parameters<typeof pb>[0] = {}): Buffer => pb({ 1: 8, 7: pb(graph), ...more });
const external = (location: string, entries: Uint8Array[] = []): Buffer => pb({ 8: 'w', 13: [pb({ 1: 'location', 2: location }), ...entries], 14: 1 });

describe('ONNX', () => {
  test('files of the library are judged by what they hold', async () => {
    expect(await verdictOf('x.onnx', real('add.onnx'))).toBe('SAFE');
    expect(await verdictOf('x.onnx', real('function.onnx'))).toBe('SAFE');
    expect(await verdictOf('x.onnx', real('custom-operator.onnx'))).toBe('SUSPICIOUS GRAPH_CUSTOM_OPERATOR');
    expect(await verdictOf('x.onnx', real('custom-operator.onnx'), { policy: { operatorDomains: ['foreign.ops'] } })).toBe('SAFE');
  });

  test('operators are found in subgraphs, functions and training graphs', async () => {
    const inner = pb({ 1: node('PyOp', 'x') });
    const places = [
      onnx({ 1: node('If', '', pb({ 6: inner })) }),
      onnx({ 1: node('If', '', pb({ 11: inner })) }),
      onnx({ 1: node('If', '', pb({ 6: pb({ 1: node('Loop', '', pb({ 6: inner })) }) })) }),
      onnx({ 1: node('Add') }, { 25: pb({ 1: 'f', 7: node('PyOp'), 10: 'own' }) }),
      onnx({ 1: node('Add') }, { 20: pb({ 2: inner }) }),
    ];
    for (const bytes of places) {
      expect((await scan('x.onnx', bytes)).verdict).toBe('DANGEROUS');
    }
  });

  test('a function covers its own name only', async () => {
    const bytes = onnx({ 1: [node('f', 'own'), node('g', 'own')] }, { 25: pb({ 1: 'f', 7: node('Add'), 10: 'own' }) });
    expect((await scan('x.onnx', bytes)).reasons.map(({ found }) => found)).toEqual(['own::g']);
  });

  test.each(['../w.bin', '/etc/passwd', 'a/../../w', 'C:\\w', 'a\\b', 'http://h/w', 'w\0.bin', ''])('external data at %j is refused', async (location) => {
    for (const bytes of [onnx({ 5: external(location) }), onnx({ 15: pb({ 1: external(location) }) }), onnx({ 1: node('C', '', pb({ 5: external(location) })) })]) {
      expect(await verdictOf('x.onnx', bytes)).toContain('DANGEROUS GRAPH_EXTERNAL_PATH');
    }
  });

  test('external data must be in the tree, long enough, and no pickle', async () => {
    const model = real('onnx-external/model.onnx');
    const tree = async (weights: Uint8Array | undefined): Promise<string> => {
      const files = [{ path: 'm/model.onnx', source: new BytesSource(model) }];
      const report = await scanTree(weights === undefined ? files : [...files, { path: 'm/weights.bin', source: new BytesSource(weights) }]);
      return `${report.verdict} ${report.files.flatMap(({ reasons }) => reasons.map(({ code }) => code)).join(' ')}`.trim();
    };
    expect(await tree(real('onnx-external/weights.bin'))).toBe('SAFE');
    expect(await tree(undefined)).toBe('UNSCANNABLE GRAPH_EXTERNAL_DATA');
    expect(await tree(Buffer.alloc(3))).toContain('UNSCANNABLE GRAPH_EXTERNAL_DATA');
    expect(await tree(EVIL_PICKLE)).toContain('DANGEROUS');
    expect(await tree(Buffer.from('cos\nsystem\n(S"id"\ntR.        '))).toContain('DANGEROUS POLYGLOT');
    expect(await verdictOf('model.onnx', model)).toBe('UNSCANNABLE GRAPH_EXTERNAL_DATA');
  });

  test.each<[string, Buffer]>([
    ['no graph', pb({ 1: 8 })],
    ['no version', pb({ 7: pb({ 1: node('Add') }) })],
    ['a length beyond the file', Buffer.from('08083affffffff07', 'hex')],
    ['a group', Buffer.from('08080b', 'hex')],
    ['a field number of zero', Buffer.from('0200', 'hex')],
    ['an endless number', Buffer.alloc(20, 0xff)],
    ['a number where a graph belongs', pb({ 1: 8, 7: 3 })],
    ['two locations', onnx({ 5: external('a', [pb({ 1: 'location', 2: 'b' })]) })],
    ['an offset that is none', onnx({ 5: external('a', [pb({ 1: 'offset', 2: '-1' })]) })],
    ['external data without a place', onnx({ 5: pb({ 14: 1 }) })],
    ['a nesting without end', ((): Buffer => { let graph = pb({ 1: node('Add') }); for (let i = 0; i < 80; i += 1) { graph = pb({ 1: node('If', '', pb({ 6: graph })) }); } return pb({ 1: 8, 7: graph }); })()],
  ])('%s is unscannable', async (_, bytes) => {
    expect((await scan('x.onnx', bytes)).verdict).toBe('UNSCANNABLE');
  });
});

describe('TensorFlow graphs', () => {
  const graphNode = (op: string, name = 'n'): Buffer => pb({ 1: name, 2: op });
  const saved = (graph: Parameters<typeof pb>[0]): Buffer => pb({ 1: 1, 2: pb({ 2: pb(graph) }) });

  test('models of the library are judged by their operators', async () => {
    expect(await verdictOf('m/saved_model.pb', real('saved-model-plain/saved_model.pb'))).toBe('SAFE');
    expect(await verdictOf('m/fingerprint.pb', real('saved-model-plain/fingerprint.pb'))).toBe('SAFE');
    expect(await verdictOf('m/saved_model.pb', real('saved-model-reads/saved_model.pb'))).toBe('DANGEROUS GRAPH_FILE_OPERATOR');
  });

  test.each(['ReadFile', 'WriteFile', 'MatchingFiles', 'ImmutableConst', 'TextLineDataset', 'TFRecordDatasetV2', 'PrintV2', 'InitializeTableFromTextFileV2', 'SaveSlices', 'WholeFileReaderV2', 'SnapshotDatasetV2'])('%s is dangerous, also in a function', async (op) => {
    expect(await verdictOf('m/saved_model.pb', saved({ 1: graphNode(op) }))).toBe('DANGEROUS GRAPH_FILE_OPERATOR');
    expect(await verdictOf('m/saved_model.pb', saved({ 1: graphNode('Add'), 2: pb({ 1: pb({ 3: graphNode(op) }) }) }))).toBe('DANGEROUS GRAPH_FILE_OPERATOR');
    expect(await verdictOf('frozen.pb', pb({ 1: graphNode(op) }))).toBe('DANGEROUS GRAPH_FILE_OPERATOR');
  });

  test('Python operators are dangerous, unknown ones suspicious, plain ones safe', async () => {
    expect(await verdictOf('m/saved_model.pb', saved({ 1: graphNode('PyFunc') }))).toBe('DANGEROUS GRAPH_CODE_OPERATOR');
    expect(await verdictOf('m/saved_model.pb', saved({ 1: graphNode('MyOwnOp') }))).toBe('SUSPICIOUS GRAPH_CUSTOM_OPERATOR');
    expect(await verdictOf('m/saved_model.pb', saved({ 1: graphNode('MatMul') }))).toBe('SAFE');
  });

  test('operators of the saver pass under the names of the saver only', async () => {
    expect(await verdictOf('m/saved_model.pb', saved({ 1: graphNode('RestoreV2', 'save/RestoreV2_1') }))).toBe('SAFE');
    expect(await verdictOf('m/saved_model.pb', saved({ 1: graphNode('RestoreV2', 'layer/read') }))).toBe('DANGEROUS GRAPH_FILE_OPERATOR');
  });

  test('Keras metadata is looked through, and a graph without a node is none', async () => {
    expect(await verdictOf('m/keras_metadata.pb', pb({ 1: pb({ 4: '{"class_name":"Lambda","config":{}}' }) }))).toBe('DANGEROUS KERAS_LAMBDA');
    expect(await verdictOf('m/saved_model.pb', pb({ 1: 1 }))).toBe('UNSCANNABLE MALFORMED');
  });
});
