import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { TrustStore } from '../../lib/models/signing/trust-store';
import { newTestKey } from '../models/signing/test-key';
import { CliBench } from './cli-run';

const bench = new CliBench();
afterAll(() => bench.remove());
const hint = createHash('sha256').update(bench.key.publicKey).digest('hex');
const other = newTestKey();
bench.write('other.pub', other.publicKey);

/** Changes the bytes of a file of the model. */
const edit = (file: string, change: (bytes: Buffer) => Buffer | string) =>
  fs.writeFileSync(bench.path(file), change(fs.readFileSync(bench.path(file))));

describe('a model as signed', () => {
  test('is verified, with its root digest', () => {
    const model = bench.signed('sound');
    const { code, out, err } = bench.run('model', 'verify', model, '--key', 'key.pub');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/✔ verified {2}sound: 3 files are as signed\n {2}root digest {2}[0-9a-f]{64}\n/);
    expect(out).toContain(hint);
  });
  test('has a stable document', () => {
    const document = bench.run('model', 'verify', bench.signed('document'), '--key', 'key.pub', '--json').json();
    expect(document).toEqual({
      schema: 'cdk-secure-ai/model-verify/v1', path: 'document', bundle: 'document/model.sig', verified: true,
      rootDigest: expect.stringMatching(/^[0-9a-f]{64}$/), keyHint: hint,
      files: [{ path: 'README.md', size: 10 }, { path: 'config/labels.json', size: 24 }, { path: 'model.onnx', size: 32142 }],
      unsigned: [],
    });
  });
});

describe('a model that was tampered with is refused, with its code:', () => {
  const payloadOf = (bundle: { dsseEnvelope: { payload: string } }) => Buffer.from(bundle.dsseEnvelope.payload, 'base64').toString();
  const editStatement = (change: (text: string) => string) => (bytes: Buffer) => {
    const bundle = JSON.parse(bytes.toString()) as { dsseEnvelope: { payload: string } };
    const changed = change(payloadOf(bundle));
    expect(changed).not.toBe(payloadOf(bundle));
    bundle.dsseEnvelope.payload = Buffer.from(changed).toString('base64');
    return JSON.stringify(bundle);
  };
  const flip = (bytes: Buffer) => {
    bytes[bytes.length >> 1] ^= 1;
    return bytes;
  };
  const ATTACKS: readonly [string, string, string, (model: string) => void][] = [
    ...['README.md', 'config/labels.json', 'model.onnx'].map((name): [string, string, string, (model: string) => void] =>
      [`one bit of ${name}`, 'FILE_MISMATCH', 'content', (model) => edit(`${model}/${name}`, flip)]),
    ['a file with one byte more', 'FILE_MISMATCH', 'content', (model) => edit(`${model}/model.onnx`, (bytes) => Buffer.concat([bytes, Buffer.of(0)]))],
    ['two files that changed places', 'FILE_MISMATCH', 'content', (model) => {
      fs.renameSync(bench.path(`${model}/README.md`), bench.path('parked'));
      fs.renameSync(bench.path(`${model}/config/labels.json`), bench.path(`${model}/README.md`));
      fs.renameSync(bench.path('parked'), bench.path(`${model}/config/labels.json`));
    }],
    ['an added file', 'FILE_EXTRA', 'names', (model) => bench.write(`${model}/loader.py`, 'import os')],
    ['an added file in a new folder', 'FILE_EXTRA', 'names', (model) => bench.write(`${model}/.hidden/x`, '')],
    ['a file that is gone', 'FILE_MISSING', 'names', (model) => fs.rmSync(bench.path(`${model}/README.md`))],
    ['a file replaced by a link to the same content', 'FILE_IS_LINK', 'inventory', (model) => {
      fs.renameSync(bench.path(`${model}/model.onnx`), bench.path('elsewhere.onnx'));
      fs.symlinkSync(bench.path('elsewhere.onnx'), bench.path(`${model}/model.onnx`));
    }],
    ['a pipe in the model', 'FILE_NOT_REGULAR', 'inventory', (model) => expect(spawnSync('mkfifo', [bench.path(`${model}/pipe`)]).status).toBe(0)],
    ['a statement about another model', 'SIGNATURE_INVALID', 'signature', (model) =>
      edit(`${model}/model.sig`, editStatement((text) => text.replace('"README.md"', '"readme.md"')))],
    ['a statement that leaves more out', 'SIGNATURE_INVALID', 'signature', (model) =>
      edit(`${model}/model.sig`, editStatement((text) => text.replace(/("ignore_paths":\s*\[)/, '$1"config",')))],
    ['a signature with another key in it', 'KEY_HINT_MISMATCH', 'key', (model) => edit(`${model}/model.sig`, (bytes) => bytes.toString().replace(hint, '0'.repeat(64)))],
    ['a signature with a second value for a key', 'JSON_DUPLICATE_KEY', 'json', (model) =>
      edit(`${model}/model.sig`, (bytes) => bytes.toString().replace('{"mediaType"', '{"mediaType":"x","mediaType"'))],
    ['a signature cut short', 'JSON_SYNTAX', 'json', (model) => edit(`${model}/model.sig`, (bytes) => bytes.subarray(0, 200))],
    ['an empty signature', 'JSON_SYNTAX', 'json', (model) => bench.write(`${model}/model.sig`, '')],
    ['a signature by another key', 'KEY_HINT_MISMATCH', 'key', (model) => {
      bench.write('other.pem', other.privateKeyPem);
      expect(bench.run('model', 'sign', model, '--key', 'other.pem', '--force').code).toBe(0);
    }],
  ];

  test.each(ATTACKS)('%s: %s', (_, code, step, attack) => {
    const model = bench.signed('victim');
    attack(model);
    const result = bench.run('model', 'verify', model, '--key', 'key.pub', '--json');
    expect(result.code).toBe(1);
    expect(result.json()).toEqual({
      schema: 'cdk-secure-ai/model-verify/v1', path: model, bundle: 'victim/model.sig', verified: false, code, step, reason: expect.any(String),
    });
  });

  test('and in words', () => {
    const model = bench.signed('words');
    bench.write(`${model}/load\u001b[2Jer.py`, '');
    const { code, out } = bench.run('model', 'verify', model, '--key', 'key.pub');
    expect({ code, out }).toEqual({ code: 1, out: '✘ refused  FILE_EXTRA at the step names\n  files are not signed: "load\\u001b[2Jer.py"\n' });
  });
});

test('what was left out at signing is allowed only by who verifies', () => {
  const model = bench.model('left-out');
  bench.write(`${model}/logs/train.log`, 'epoch 1');
  expect(bench.run('model', 'sign', model, '--key', 'key.pem', '--ignore-paths', 'logs').code).toBe(0);
  expect(bench.run('model', 'verify', model, '--key', 'key.pub', '--json').json()).toMatchObject({ code: 'IGNORE_PATH_REFUSED' });
  expect(bench.run('model', 'verify', model, '--key', 'key.pub', '--ignore-paths', 'logs').code).toBe(0);
});

test('a single file is verified with --bundle only, and not against the signature of a directory', () => {
  const model = bench.signed('single');
  expect(bench.run('model', 'verify', `${model}/model.onnx`, '--key', 'key.pub').err).toContain('name its signature with --bundle');
  expect(bench.run('model', 'verify', `${model}/model.onnx`, '--key', 'key.pub', '--bundle', `${model}/model.sig`).code).toBe(1);
});

describe('a trust store', () => {
  const from = new Date('2026-01-01T00:00:00Z');
  const store = TrustStore.EMPTY.add(bench.key.publicKey, from);
  bench.write('trusted.json', store.toBytes());
  bench.write('rotated.json', store.rotate(other.publicKey, new Date('2026-02-01T00:00:00Z')).toBytes());
  bench.write('revoked.json', store.revoke(hint, new Date('2026-02-01T00:00:00Z'), 'lost laptop').toBytes());
  bench.write('ended.json', TrustStore.EMPTY.add(bench.key.publicKey, from, new Date('2026-02-01T00:00:00Z')).toBytes());
  bench.write('stranger.json', TrustStore.EMPTY.add(other.publicKey, from).toBytes());

  test.each([
    ['trusted.json', undefined], ['rotated.json', undefined],
    ['revoked.json', 'KEY_REVOKED'], ['ended.json', 'KEY_OUTSIDE_VALIDITY'], ['stranger.json', 'KEY_NOT_TRUSTED'],
  ])('%s gives %s', (file, code) => {
    const model = bench.signed('stored');
    const result = bench.run('model', 'verify', model, '--trust-store', file, '--json');
    expect(result.code).toBe(code ? 1 : 0);
    expect(result.json().code).toBe(code);
  });
});

describe('bad input ends with 2 and says which file and what was expected:', () => {
  bench.signed('good');
  bench.model('unsigned');
  bench.write('broken.json', '{"schema":"cdk-secure-ai/trust-store/v1","keys":{"__proto__":{}}}');
  test.each([
    [['good'], 'say whom to trust by one of --key, --trust-store, --cert-chain; none is given'],
    [['good', '--key', 'key.pub', '--trust-store', 'trusted.json'], '--key and --trust-store are given'],
    [['good', '--key', 'key.pem'], 'public key "key.pem": public key must be SPKI in PEM'],
    [['good', '--key', 'gone.pub'], 'public key "gone.pub" does not exist'],
    [['good', '--trust-store', 'broken.json'], 'trust store "broken.json": trust store is not valid'],
    [['good', '--cert-chain', 'key.pub'], 'certificate "key.pub": no certificate found'],
    [['unsigned', '--key', 'key.pub'], 'signature "unsigned/model.sig" does not exist'],
    [['good', '--key', 'key.pub', '--bundle', 'good'], 'signature "good" is a directory; a file is expected'],
  ])('%j', (args, message) => {
    const { code, out, err } = bench.run('model', 'verify', ...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(message);
  });

  test('a signature inside the model that is a link is not followed', () => {
    const model = bench.signed('sig-link');
    fs.renameSync(bench.path(`${model}/model.sig`), bench.path('moved.sig'));
    fs.symlinkSync(bench.path('moved.sig'), bench.path(`${model}/model.sig`));
    expect(bench.run('model', 'verify', model, '--key', 'key.pub')).toMatchObject({
      code: 2, err: expect.stringContaining('signature "sig-link/model.sig" is a symbolic link, which is not followed'),
    });
  });
});
