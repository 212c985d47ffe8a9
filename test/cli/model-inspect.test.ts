import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { EVIL_PICKLE } from '../models/scanning/fixtures/pickle-assembler';
import { CliBench } from './cli-run';

const bench = new CliBench();
afterAll(() => bench.remove());
const hint = createHash('sha256').update(bench.key.publicKey).digest('hex');
const sha256 = (file: string) => createHash('sha256').update(fs.readFileSync(bench.path(file))).digest('hex');

describe('a directory', () => {
  test('is listed with digests, the root digest, and what its signature says', () => {
    const model = bench.signed('listed');
    const { rootDigest } = bench.run('model', 'verify', model, '--key', 'key.pub', '--json').json();
    const { code, json } = bench.run('model', 'inspect', model, '--json');
    expect(code).toBe(0);
    expect(json()).toEqual({
      schema: 'cdk-secure-ai/model-inspect/v1', kind: 'directory', path: 'listed',
      files: ['README.md', 'config/labels.json', 'model.onnx', 'model.sig'].map((name) => ({
        path: name, kind: 'file', size: fs.statSync(bench.path(`listed/${name}`)).size, sha256: sha256(`listed/${name}`),
      })),
      rootDigest, leftOut: [],
      signature: {
        method: 'key', keyHint: hint, certificates: [], modelName: 'listed', algorithm: 'sha256', rootDigest, shardSize: null,
        ignorePaths: ['.git', '.gitattributes', '.github', '.gitignore', 'model.sig'], signedFiles: 3,
      },
    });
  });
  test('is listed in lines that sha256sum can read', () => {
    const model = bench.signed('lines');
    const { out } = bench.run('model', 'inspect', model);
    expect(out).toContain(`${sha256('lines/model.onnx')}  32.1 KB  model.onnx\n`);
    expect(out).toContain(`key hint     ${hint}`);
    expect(out).toContain('nothing is verified here');
  });
  test('gets no verdict, however bad it is', () => {
    const model = bench.signed('bad');
    bench.write(`${model}/weights.pkl`, EVIL_PICKLE);
    bench.write(`${model}/model.sig`, '{}');
    fs.symlinkSync('/etc/hostname', bench.path(`${model}/link`));
    const { code, json } = bench.run('model', 'inspect', model, '--json');
    expect(code).toBe(0);
    expect(json()).toMatchObject({ rootDigest: null, signature: { problem: expect.stringContaining('FIELD_MISSING') } });
    expect(json().files).toContainEqual({ path: 'link', kind: 'link', size: expect.any(Number), sha256: null });
  });
});

describe('a file', () => {
  test('that is a signature is listed as what it says', () => {
    const model = bench.signed('source');
    const { code, json } = bench.run('model', 'inspect', `${model}/model.sig`, '--json');
    expect(code).toBe(0);
    expect(json()).toMatchObject({
      kind: 'signature', method: 'key', keyHint: hint, modelName: 'source', shardSize: null,
      files: [
        { path: 'README.md', digest: sha256(`${model}/README.md`), range: null },
        { path: 'config/labels.json' },
        { path: 'model.onnx', digest: sha256(`${model}/model.onnx`) },
      ],
    });
    expect(bench.run('model', 'inspect', `${model}/model.sig`).out).toContain(`${sha256(`${model}/model.onnx`)}  model.onnx\n`);
  });
  test('of a model is listed alone', () => {
    const model = bench.model('one');
    const { json } = bench.run('model', 'inspect', `${model}/model.onnx`, '--json');
    expect(json()).toMatchObject({ kind: 'file', files: [{ path: 'model.onnx', size: 32142 }], signature: null });
  });
  test('that should be a signature and is none is an error that says why', () => {
    bench.write('broken.sig', '{"mediaType":"x","verificationMaterial":{},"dsseEnvelope":{}}');
    expect(bench.run('model', 'inspect', 'broken.sig')).toMatchObject({
      code: 2, out: '', err: expect.stringContaining('"broken.sig" is not the signature of a model: MEDIA_TYPE_REFUSED'),
    });
  });
});
