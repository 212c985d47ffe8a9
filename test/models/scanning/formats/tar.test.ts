import { gzipSync, deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { writeTar, writeZip, type TarPart } from '../fixtures/archive-writer';
import { EVIL_PICKLE, PLAIN_PICKLE, torchState } from '../fixtures/pickle-assembler';
import { scan, verdictOf } from '../fixtures/scan';

const plain: TarPart = { name: 'model/a.pkl', data: PLAIN_PICKLE };
const noise = (length: number): Buffer => {
  const bytes = Buffer.alloc(length);
  for (let index = 0, state = 1; index < length; index += 1) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    bytes[index] = state >>> 16;
  }
  return bytes;
};
const tgz = (...parts: TarPart[]): Buffer => gzipSync(writeTar(parts));
const pax = (text: string): Buffer => {
  let length = text.length + 3;
  while (`${length} ${text}\n`.length !== length) {
    length = `${length} ${text}\n`.length;
  }
  return Buffer.from(`${length} ${text}\n`);
};

describe('tar archives, plain and gzipped', () => {
  test('an archive of safe files is safe', async () => {
    expect(await verdictOf('model.tar.gz', tgz({ name: './', type: '5' }, plain, { name: 'model/b.txt', data: Buffer.from('text') }))).toBe('SAFE');
    expect(await verdictOf('model.tar', writeTar([plain]))).toBe('SAFE');
  });

  test('a pickle anywhere inside is found, and its path is told', async () => {
    const report = await scan('model.tar.gz', tgz(plain, { name: 'model/weights.txt', data: EVIL_PICKLE }));
    expect(report.reasons).toContainEqual(expect.objectContaining({ code: 'PICKLE_DENIED_GLOBAL', path: 'model.tar.gz!content!model/weights.txt', found: 'os system' }));
  });

  test('a torch checkpoint in the SageMaker layout is read, though its directory lies at its end', async () => {
    const checkpoint = writeZip([{ name: 'm/data.pkl', data: torchState() }, { name: 'm/data/0', data: noise(3_000_000) }, { name: 'm/version', data: Buffer.from('3') }]);
    expect(await verdictOf('model.tar.gz', tgz({ name: 'model.pth', data: checkpoint }))).toBe('SAFE');
    const evil = writeZip([{ name: 'm/data.pkl', data: EVIL_PICKLE }, { name: 'm/version', data: Buffer.from('3') }]);
    expect((await scan('model.tar.gz', tgz({ name: 'model.pth', data: evil }))).verdict).toBe('DANGEROUS');
  });

  test('inference scripts are reported', async () => {
    expect(await verdictOf('model.tar.gz', tgz(plain, { name: 'code/inference.py', data: Buffer.from('import os') }))).toBe('SUSPICIOUS INFERENCE_CODE SCRIPT_CODE');
    expect(await verdictOf('model.tar.gz', tgz(plain, { name: './code/requirements.txt', data: Buffer.from('x') }))).toBe('SUSPICIOUS INFERENCE_CODE');
  });

  test.each<[string, Buffer, string]>([
    ['a path upwards', tgz({ ...plain, name: 'a/../../b.pkl' }), 'ARCHIVE_PATH'],
    ['an absolute path', tgz({ ...plain, name: '/etc/cron.d/x' }), 'ARCHIVE_PATH'],
    ['a symbolic link', tgz({ name: 'link', type: '2', link: '/etc/passwd' }), 'ARCHIVE_LINK'],
    ['a hard link', tgz({ name: 'link', type: '1', link: 'model/a.pkl' }), 'ARCHIVE_LINK'],
    ['a device', tgz({ name: 'dev', type: '3' }), 'ARCHIVE_DEVICE'],
    ['a pipe', tgz({ name: 'pipe', type: '6' }), 'ARCHIVE_DEVICE'],
    ['a name twice', tgz(plain, plain), 'ARCHIVE_DUPLICATE'],
    ['a name twice, once with ./', tgz(plain, { ...plain, name: './model/a.pkl' }), 'ARCHIVE_DUPLICATE'],
    ['an unknown type', tgz({ name: 'x', type: 'S' }), 'MALFORMED'],
    ['a link with a size', tgz({ name: 'x', type: '2', link: 'y', data: EVIL_PICKLE }), 'ARCHIVE_MISMATCH'],
    ['a size in an extended header', tgz({ name: 'p', type: 'x', data: pax('size=99999') }, plain), 'ARCHIVE_MISMATCH'],
    ['a path upwards in an extended header', tgz({ name: 'p', type: 'x', data: pax('path=../../x') }, plain), 'ARCHIVE_PATH'],
    ['a path upwards in a long name', tgz({ name: 'l', type: 'L', data: Buffer.from('../../x\0') }, plain), 'ARCHIVE_PATH'],
    ['something behind the end mark', gzipSync(Buffer.concat([writeTar([plain]), writeTar([plain])])), 'ARCHIVE_HIDDEN_DATA'],
    ['no end mark', gzipSync(writeTar([plain], Buffer.alloc(0))), 'TRUNCATED'],
    ['a member longer than the archive', gzipSync(writeTar([{ ...plain, size: 99_999 }])), 'TRUNCATED'],
    ['bytes behind the gzip stream', Buffer.concat([tgz(plain), Buffer.from('junk')]), 'MALFORMED'],
    ['bytes behind a zlib stream', Buffer.concat([deflateSync(PLAIN_PICKLE), Buffer.from('junk')]), 'TRAILING_DATA'],
    ['a cut gzip stream', tgz(plain).subarray(0, -20), 'MALFORMED'],
    ['a wrong gzip checksum', ((): Buffer => { const bytes = tgz(plain); bytes[bytes.length - 6] ^= 1; return bytes; })(), 'MALFORMED'],
    ['a bomb', tgz({ name: 'zeros.txt', data: Buffer.alloc(8 * 1024 * 1024) }), 'ARCHIVE_BOMB'],
  ])('%s is not safe', async (_, bytes, code) => {
    const report = await scan('model.tar.gz', bytes);
    expect(report.reasons.map((reason) => reason.code)).toContain(code);
    expect(report.verdict).not.toBe('SAFE');
  });

  test('a bomb behind the end of the tar is decompressed too', async () => {
    const bytes = gzipSync(Buffer.concat([writeTar([plain]), Buffer.alloc(16 * 1024 * 1024)]));
    expect((await scan('model.tar.gz', bytes)).verdict).toBe('DANGEROUS');
  });

  test('limits on entries and decompressed bytes hold', async () => {
    const parts = Array.from({ length: 20 }, (_, index) => ({ ...plain, name: `${index}.pkl` }));
    expect(await verdictOf('x.tar.gz', tgz(...parts), { limits: { entries: 10 } })).toContain('UNSCANNABLE LIMIT_EXCEEDED');
    expect(await verdictOf('x.tar.gz', tgz(...parts), { limits: { inflatedBytes: 1000 } })).toContain('UNSCANNABLE LIMIT_EXCEEDED');
  });

  test('a compressed pickle is read as it streams, in gzip and in zlib form', async () => {
    for (const pack of [gzipSync, deflateSync]) {
      expect(await verdictOf('x.joblib', pack(PLAIN_PICKLE))).toBe('SAFE');
      expect(await verdictOf('x.joblib', pack(EVIL_PICKLE))).toBe('DANGEROUS PICKLE_DENIED_GLOBAL');
    }
  });

  test('compressions that are not read are unscannable', async () => {
    for (const magic of ['425a68393141', 'fd377a585a00', '28b52ffd', '377abcaf271c', '04224d18']) {
      expect(await verdictOf('x.joblib', Buffer.concat([Buffer.from(magic, 'hex'), Buffer.alloc(32)])), magic).toContain('UNSCANNABLE COMPRESSION_UNSUPPORTED');
    }
  });
});
