import { describe, expect, test } from 'vitest';
import type { RangedSource } from '../../../lib/models/scanning/ranged-source';
import { scanFile } from '../../../lib/models/scanning/scan-file';
import { writeNpy, writeSafetensors } from './fixtures/format-writer';
import { EVIL_PICKLE, PickleAssembler, PLAIN_PICKLE } from './fixtures/pickle-assembler';
import { scan, verdictOf } from './fixtures/scan';

describe('content against name', () => {
  test('a pickle is found under every name', async () => {
    for (const name of ['m.safetensors', 'm.onnx', 'm.gguf', 'm.npy', 'm.h5', 'm.txt', 'm.json', 'm.png', 'm.py', 'm', 'm.unknown', 'variables/variables.index', 'm.pb', 'm.tar']) {
      expect((await scan(name, EVIL_PICKLE)).verdict, name).toBe('DANGEROUS');
    }
  });

  test('an old pickle without a signature is found under every name', async () => {
    const bytes = new PickleAssembler().global('os', 'system').raw("(S'id'\ntR").stop();
    for (const name of ['m.safetensors', 'm.onnx', 'm.txt', 'm.json', 'm', 'm.bin', 'variables/variables.index', 'm.md']) {
      expect((await scan(name, bytes)).verdict, name).toBe('DANGEROUS');
    }
  });

  test('safe content under a name that promises another format is suspicious', async () => {
    expect(await verdictOf('m.safetensors', PLAIN_PICKLE)).toBe('SUSPICIOUS FORMAT_MISMATCH');
    expect(await verdictOf('m.pkl', writeNpy("{'descr': '<f8', 'fortran_order': False, 'shape': (), }", Buffer.alloc(8)))).toBe('SUSPICIOUS FORMAT_MISMATCH');
  });

  test('a tensor header that begins like a pickle is a tensor header, unless it imports something', async () => {
    const header = (filler: string): string => `{"w":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"__metadata__":{"a":"${filler}"}}`;
    const filler = 'x'.repeat(0x280 - header('').length);
    expect(await verdictOf('m.safetensors', writeSafetensors(header(filler), Buffer.alloc(0)))).toBe('SAFE');
  });

  test('programs, libraries and scripts are no models', async () => {
    expect(await verdictOf('m.bin', Buffer.from('\x7fELF\x02\x01\x01', 'latin1'))).toContain('DANGEROUS NATIVE_CODE');
    expect(await verdictOf('lib/ops.so', Buffer.from('anything'))).toBe('DANGEROUS NATIVE_CODE');
    expect(await verdictOf('modeling_x.py', Buffer.from('import os'))).toBe('SUSPICIOUS SCRIPT_CODE');
    expect(await verdictOf('run', Buffer.from('#!/bin/sh\nid\n'))).toContain('SUSPICIOUS SCRIPT_CODE');
    const program = Buffer.alloc(256);
    program.write('MZ');
    program.writeUInt32LE(128, 60);
    program.write('PE\0\0', 128, 'latin1');
    expect(await verdictOf('m.dat', program)).toContain('DANGEROUS NATIVE_CODE');
  });

  test('plain text and images pass, binary under a text name does not', async () => {
    expect(await verdictOf('README.md', Buffer.from('# Model\ncat\ndog\n'))).toBe('SAFE');
    expect(await verdictOf('vocab.txt', Buffer.from('cat\ndog\n'))).toBe('SAFE');
    expect(await verdictOf('a.png', Buffer.from('89504e470d0a1a0a00', 'hex'))).toBe('SAFE');
    expect(await verdictOf('a.txt', Buffer.from([1, 2, 0, 3]))).toBe('SUSPICIOUS FORMAT_MISMATCH');
    expect(await verdictOf('m.xyz', Buffer.alloc(64, 1))).toBe('UNSCANNABLE MALFORMED');
    expect(await verdictOf('m.pkl', Buffer.alloc(0))).toBe('UNSCANNABLE TRUNCATED');
  });
});

describe('the report', () => {
  test('hostile names come out printable and short', async () => {
    const bytes = new PickleAssembler().proto(4).stackGlobal('a\u202e\x1b[31m\n<b>', 'x'.repeat(1000)).stop();
    const [reason] = (await scan('x.pkl', bytes)).reasons;
    expect(reason.found).toMatch(/^[\x20-\x7e\u2026]{1,220}$/);
    expect(reason.found).toContain('a\\u202e\\u001b[31m\\u000a<b>');
  });

  test('reasons are limited in number, the verdict counts all of them', async () => {
    const pickle = new PickleAssembler().proto(4);
    for (let index = 0; index < 500; index += 1) {
      pickle.stackGlobal('acme', `Class${index}`);
    }
    const report = await scan('x.pkl', pickle.stackGlobal('os', 'system').stop());
    expect(report.reasons).toHaveLength(201);
    expect(report.reasons[200].code).toBe('REASONS_DROPPED');
    expect(report.verdict).toBe('DANGEROUS');
  });

  test('a source that fails or lies blocks the file', async () => {
    const failing: RangedSource = { size: 100, read: () => Promise.reject(new Error('connection reset')) };
    expect(await scanFile('x.pkl', failing)).toMatchObject({ verdict: 'UNSCANNABLE', reasons: [{ code: 'INTERNAL_ERROR' }] });
    const short: RangedSource = { size: 1000, read: () => Promise.resolve(new Uint8Array(0)) };
    expect((await scanFile('x.pkl', short)).verdict).toBe('UNSCANNABLE');
  });
});
