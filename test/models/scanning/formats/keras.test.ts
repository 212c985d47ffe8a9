import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { writeZip } from '../fixtures/archive-writer';
import { scan, verdictOf } from '../fixtures/scan';

const real = (name: string): Buffer => readFileSync(`${__dirname}/../fixtures/real/${name}`);
const dense = { module: 'keras.layers', class_name: 'Dense', config: { units: 1, activation: 'relu' }, registered_name: null };
const keras = (config: unknown): Buffer => writeZip([
  { name: 'metadata.json', data: Buffer.from('{"keras_version":"3.12.0"}') },
  { name: 'config.json', data: Buffer.from(JSON.stringify({ module: 'keras', class_name: 'Functional', config, registered_name: 'Functional' })) },
]);

describe('Keras files', () => {
  test('models of the library are judged by their layers, however deep', async () => {
    expect(await verdictOf('m.keras', real('keras-plain.keras'))).toBe('SAFE');
    expect(await verdictOf('m.h5', real('keras-plain.h5'))).toBe('SAFE');
    expect(await verdictOf('m.keras', real('keras-lambda-nested.keras'))).toBe('DANGEROUS KERAS_LAMBDA');
    expect(await verdictOf('m.h5', real('keras-lambda-nested.h5'))).toBe('DANGEROUS KERAS_LAMBDA');
  });

  test.each<[string, unknown, string]>([
    ['a Lambda layer', { layers: [{ ...dense, class_name: 'Lambda' }] }, 'DANGEROUS KERAS_LAMBDA'],
    ['code inside a wrapper', { layers: [{ ...dense, config: { layer: { ...dense, config: { function: { class_name: '__lambda__', config: {} } } } } }] }, 'DANGEROUS KERAS_LAMBDA'],
    ['a Lambda layer as a loss', { layers: [dense], compile_config: { loss: { class_name: 'Lambda', config: {} } } }, 'DANGEROUS KERAS_LAMBDA'],
    ['a registered Lambda', { layers: [{ ...dense, registered_name: 'keras>Lambda' }] }, 'DANGEROUS KERAS_LAMBDA'],
    ['a layer that loads a SavedModel', { layers: [{ ...dense, class_name: 'TFSMLayer' }] }, 'DANGEROUS KERAS_LOADER_CLASS'],
    ['a layer that unpickles', { layers: [{ ...dense, class_name: 'TorchModuleWrapper' }] }, 'DANGEROUS KERAS_LOADER_CLASS'],
    ['a foreign module', { layers: [{ ...dense, module: 'os', class_name: 'system' }] }, 'SUSPICIOUS KERAS_UNLISTED_MODULE'],
    ['a module that only begins like Keras', { layers: [{ ...dense, module: 'keras_evil.layers' }] }, 'SUSPICIOUS KERAS_UNLISTED_MODULE'],
    ['a downloading function of Keras', { layers: [{ ...dense, module: 'keras.utils', class_name: 'get_file' }] }, 'DANGEROUS KERAS_LOADER_CLASS'],
    ['a builtin function', { layers: [{ module: 'builtins', class_name: 'eval', config: {} }] }, 'DANGEROUS KERAS_LOADER_CLASS'],
    ['a vocabulary out of a file', { layers: [{ ...dense, class_name: 'StringLookup', config: { vocabulary: '/etc/passwd' } }] }, 'DANGEROUS KERAS_FILE_REFERENCE'],
    ['plain layers', { layers: [dense, { ...dense, config: { vocabulary: ['a', 'b'] } }] }, 'SAFE'],
  ])('%s', async (_, config, verdict) => {
    expect(await verdictOf('m.keras', keras(config))).toBe(verdict);
  });

  test('a layer that JSON readers see differently is dangerous', async () => {
    const bytes = writeZip([{ name: 'config.json', data: Buffer.from('{"class_name":"Dense","class_name":"Lambda","config":{}}') }]);
    expect(await verdictOf('m.keras', bytes)).toBe('DANGEROUS JSON_DUPLICATE_KEY');
  });
});

describe('HDF5 files', () => {
  test.each(['earliest', 'latest'])('files of the %s format are judged by links, storage and configuration', async (version) => {
    expect(await verdictOf('m.h5', real(`h5-${version}.h5`))).toBe('SAFE');
    expect(await verdictOf('m.h5', real(`h5-${version}-external-link.h5`))).toBe('DANGEROUS HDF5_EXTERNAL');
    expect(await verdictOf('m.h5', real(`h5-${version}-external-data.h5`))).toBe('DANGEROUS HDF5_EXTERNAL');
    expect(await verdictOf('m.h5', real(`h5-${version}-lambda.h5`))).toBe('DANGEROUS KERAS_LAMBDA');
  });

  test('a virtual dataset reaches into other files', async () => {
    expect(await verdictOf('m.h5', real('h5-virtual.h5'))).toBe('DANGEROUS HDF5_EXTERNAL');
  });

  test('a cut file, one with more behind it, and one behind a user block are not safe', async () => {
    const bytes = real('h5-earliest.h5');
    expect((await scan('m.h5', bytes.subarray(0, 3000))).verdict).toBe('UNSCANNABLE');
    expect(await verdictOf('m.h5', Buffer.concat([bytes, Buffer.from('more')]))).toBe('SUSPICIOUS TRAILING_DATA');
    expect((await scan('m.h5', Buffer.concat([Buffer.alloc(512), bytes]))).verdict).toBe('UNSCANNABLE');
  });
});
