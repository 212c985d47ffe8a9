import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { CODE_SIGNING, KEY_USAGE, newCertificate, toPem } from '../models/signing/certificate-builder';
import { newTestKey } from '../models/signing/test-key';
import { CliBench } from './cli-run';

const bench = new CliBench();
afterAll(() => bench.remove());
const sha256 = (file: string) => createHash('sha256').update(fs.readFileSync(bench.path(file))).digest('hex');
const hint = createHash('sha256').update(bench.key.publicKey).digest('hex');

describe('signing a directory', () => {
  test('writes model.sig into it and says the root digest and the hint of the key', () => {
    const model = bench.model('plain');
    const { code, out, err } = bench.run('model', 'sign', model, '--key', 'key.pem');
    const digests = ['README.md', 'config/labels.json', 'model.onnx'].map((name) => sha256(`${model}/${name}`));
    const root = createHash('sha256').update(Buffer.from(digests.join(''), 'hex')).digest('hex');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain(root);
    expect(out).toContain(hint);
    expect(fs.readdirSync(bench.path(model)).sort()).toEqual(['README.md', 'config', 'model.onnx', 'model.sig']);
  });

  test('has a stable document', () => {
    const model = bench.model('document');
    const document = bench.run('model', 'sign', model, '--key', 'key.pem', '--json').json();
    expect(Object.keys(document)).toEqual(['schema', 'path', 'signed', 'bundle', 'method', 'rootDigest', 'keyHint', 'files']);
    expect(document).toMatchObject({
      schema: 'cdk-secure-ai/model-sign/v1', path: model, signed: true, bundle: `${model}/model.sig`, method: 'key', keyHint: hint,
      files: [
        { path: 'README.md', size: 10, sha256: sha256(`${model}/README.md`) },
        { path: 'config/labels.json' },
        { path: 'model.onnx', size: 32142 },
      ],
    });
  });

  test('never replaces a signature without --force', () => {
    const model = bench.signed('twice');
    const before = fs.readFileSync(bench.path(`${model}/model.sig`));
    const { code, err } = bench.run('model', 'sign', model, '--key', 'key.pem');
    expect(code).toBe(2);
    expect(err).toContain('signature "twice/model.sig" exists already; --force replaces it');
    expect(fs.readFileSync(bench.path(`${model}/model.sig`)).equals(before)).toBe(true);
    bench.write(`${model}/more.txt`, 'more');
    expect(bench.run('model', 'sign', model, '--key', 'key.pem', '--force').code).toBe(0);
    expect(bench.run('model', 'verify', model, '--key', 'key.pub').code).toBe(0);
    expect(fs.readdirSync(bench.path(model)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  test('does not write through a link, not even with --force', () => {
    const model = bench.model('linked');
    bench.write('victim', 'untouched');
    fs.symlinkSync(bench.path('victim'), bench.path(`${model}/model.sig`));
    expect(bench.run('model', 'sign', model, '--key', 'key.pem').code).toBe(2);
    expect(bench.run('model', 'sign', model, '--key', 'key.pem', '--force').code).toBe(0);
    expect(fs.readFileSync(bench.path('victim'), 'utf8')).toBe('untouched');
    expect(fs.lstatSync(bench.path(`${model}/model.sig`)).isFile()).toBe(true);
  });

  test('refuses a link in the model, also one that stays inside, and writes nothing', () => {
    for (const target of ['/etc/hostname', 'model.onnx']) {
      const model = bench.model('with-link');
      fs.symlinkSync(target, bench.path(`${model}/weights.bin`));
      const { code, json } = bench.run('model', 'sign', model, '--key', 'key.pem', '--json');
      expect(code).toBe(1);
      expect(json()).toEqual({
        schema: 'cdk-secure-ai/model-sign/v1', path: model, signed: false, code: 'FILE_IS_LINK',
        reason: '"weights.bin" is a symbolic link; models hold files only',
      });
      expect(fs.existsSync(bench.path(`${model}/model.sig`))).toBe(false);
    }
  });

  test('refuses an empty directory', () => {
    fs.mkdirSync(bench.path('empty'));
    expect(bench.run('model', 'sign', 'empty', '--key', 'key.pem')).toMatchObject({ code: 1, out: expect.stringContaining('MODEL_EMPTY') });
  });

  test('refuses a private key that lies inside the model', () => {
    const model = bench.model('leaky');
    bench.write(`${model}/signer.pem`, bench.key.privateKeyPem);
    const { code, err } = bench.run('model', 'sign', model, '--key', `${model}/signer.pem`);
    expect(code).toBe(2);
    expect(err).toContain('lies inside the model and would be part of it');
    expect(bench.run('model', 'sign', model, '--key', `${model}/signer.pem`, '--ignore-paths', 'signer.pem').code).toBe(0);
  });

  test('keeps the signature elsewhere with --bundle', () => {
    const model = bench.model('apart');
    expect(bench.run('model', 'sign', model, '--key', 'key.pem', '--bundle', 'apart.sig').code).toBe(0);
    expect(fs.existsSync(bench.path(`${model}/model.sig`))).toBe(false);
    expect(bench.run('model', 'verify', model, '--key', 'key.pub', '--bundle', 'apart.sig').code).toBe(0);
  });

  test('knows its own signature by any way to the directory', () => {
    const model = bench.model('real');
    fs.symlinkSync(bench.path(model), bench.path('alias'));
    expect(bench.run('model', 'sign', 'alias', '--key', 'key.pem', '--bundle', 'real/config/own.sig').code).toBe(0);
    expect(bench.run('model', 'verify', 'real', '--key', 'key.pub', '--bundle', 'alias/config/own.sig').code).toBe(0);
  });

  test('leaves out what --ignore-paths names', () => {
    const model = bench.model('partial');
    bench.write(`${model}/logs/train.log`, 'epoch 1');
    const { json } = bench.run('model', 'sign', model, '--key', 'key.pem', '--ignore-paths', 'logs/', '--ignore-paths', './README.md', '--json');
    expect((json().files as { path: string }[]).map(({ path }) => path)).toEqual(['config/labels.json', 'model.onnx']);
  });
});

describe('signing by certificate', () => {
  const authority = newTestKey();
  const certificate = (subject: string, key: typeof authority, ca: boolean) => toPem(newCertificate({
    subject, issuer: 'Test Root', key: key.privateKey, issuerKey: authority.privateKey, ca,
    keyUsage: ca ? KEY_USAGE.keyCertSign : KEY_USAGE.digitalSignature, extendedUsages: ca ? undefined : [CODE_SIGNING],
  }));
  bench.write('root.pem', certificate('Test Root', authority, true));
  bench.write('leaf.pem', certificate('Test Signer', bench.key, false));
  bench.write('stranger.pem', certificate('Another', newTestKey(), false));

  test('puts the chain into the signature, and verifies against the root', () => {
    const model = bench.model('certified');
    const sign = bench.run('model', 'sign', model, '--cert', 'leaf.pem', '--chain', 'root.pem', '--key', 'key.pem', '--json');
    expect(sign).toMatchObject({ code: 0 });
    expect(sign.json()).toMatchObject({ method: 'certificate' });
    expect(bench.run('model', 'verify', model, '--cert-chain', 'root.pem')).toMatchObject({ code: 0 });
    expect(bench.run('model', 'verify', model, '--cert-chain', 'stranger.pem', '--json').json()).toMatchObject({ code: 'CERTIFICATE_NOT_TRUSTED' });
    expect(bench.run('model', 'verify', model, '--key', 'key.pub', '--json').json()).toMatchObject({ code: 'METHOD_MISMATCH' });
  });

  test('refuses the certificate of another key', () => {
    const { code, err } = bench.run('model', 'sign', bench.model('mismatch'), '--cert', 'stranger.pem', '--key', 'key.pem');
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('does not belong to the signer\'s key') });
  });

  test('needs the certificate with the chain', () => {
    expect(bench.run('model', 'sign', bench.model('chain'), '--chain', 'root.pem', '--key', 'key.pem').err).toContain('--chain needs --cert');
  });
});

describe('bad input ends with 2 and says which file and what was expected:', () => {
  bench.model('good');
  bench.write('rsa.pem', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n');
  bench.write('large.pem', Buffer.alloc(2 ** 20 + 1, 65));
  test.each([
    [['good'], '--key is missing; give the private key as PEM'],
    [['good', '--key', 'gone.pem'], 'private key "gone.pem" does not exist'],
    [['good', '--key', 'good'], 'private key "good" is a directory; a file is expected'],
    [['good', '--key', 'key.pub'], 'private key "key.pub": private key cannot be read'],
    [['good', '--key', 'rsa.pem'], 'private key "rsa.pem": private key cannot be read'],
    [['good', '--key', 'large.pem'], 'private key "large.pem" is larger than 1048576 bytes'],
    [['good', '--key', '/dev/zero'], 'private key "/dev/zero" is no regular file'],
    [['gone', '--key', 'key.pem'], 'model "gone" does not exist'],
    [['good/model.onnx', '--key', 'key.pem'], 'is a single file; sign the directory that holds it'],
    [['good', '--key', 'key.pem', '--bundle', 'no/such/place.sig'], 'the directory of the signature "no/such/place.sig" does not exist'],
    [['good', '--key', 'key.pem', '--ignore-paths', '../etc'], '--ignore-paths: ignore path "../etc" has the part ".."'],
    [['good', '--key', 'key.pem', '--ignore-paths', '*.log'], 'looks like a pattern'],
    [['good', '--key', 'key.pem', '--cert', 'key.pem'], 'certificate "key.pem": no certificate found'],
  ])('%j', (args, message) => {
    const { code, out, err } = bench.run('model', 'sign', ...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(message);
    expect(err).not.toMatch(/\n\s+at /);
    expect(fs.existsSync(bench.path('good/model.sig'))).toBe(false);
  });
});
