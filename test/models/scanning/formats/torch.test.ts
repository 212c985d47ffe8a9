import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { scanFile } from '../../../../lib/models/scanning/scan-file';
import { writeZip, type ZipPart } from '../fixtures/archive-writer';
import { EVIL_PICKLE, PickleAssembler, torchState } from '../fixtures/pickle-assembler';
import { scan, verdictOf } from '../fixtures/scan';
import { SparseSource } from '../fixtures/sparse-source';

const storage: ZipPart = { name: 'm/data/0', data: Buffer.alloc(16, 0xc1), padding: 40 };
const small: ZipPart[] = [{ name: 'm/byteorder', data: Buffer.from('little') }, { name: 'm/version', data: Buffer.from('3\n') }];
const checkpoint = (state: Buffer, ...parts: ZipPart[]): Buffer => writeZip([{ name: 'm/data.pkl', data: state, padding: 9 }, ...parts, ...small]);
const real = (name: string): Buffer => readFileSync(`${__dirname}/../fixtures/real/${name}`);

describe('torch checkpoints', () => {
  test('a state dictionary with its storages is safe', async () => {
    const report = await scan('m.pt', checkpoint(torchState(), storage));
    expect(report).toMatchObject({ verdict: 'SAFE', formats: ['TORCH_ZIP', 'ZIP'] });
  });

  test('files written by torch itself are judged by what they hold', async () => {
    expect(await verdictOf('a.pt', real('torch-state.pt'))).toBe('SAFE');
    expect(await verdictOf('a.pt', real('torch-tensors.pt'))).toBe('SAFE');
    expect(await verdictOf('a.pt', real('torch-state-legacy.pt'))).toBe('SAFE');
    expect(await verdictOf('a.pt', real('torch-evil.pt'))).toBe('DANGEROUS PICKLE_DENIED_GLOBAL');
    expect(await verdictOf('a.pt', real('torch-evil-legacy.pt'))).toBe('DANGEROUS PICKLE_DENIED_GLOBAL');
    expect(await verdictOf('a.pt', real('torch-module.pt'))).toBe('SUSPICIOUS PICKLE_UNLISTED_GLOBAL');
    expect(await verdictOf('a.pt', real('torch-script.pt'))).toContain('SUSPICIOUS PICKLE_UNLISTED_GLOBAL TORCH_SCRIPT_CODE');
  });

  test('a pickle in the place of a storage that no tensor names is found', async () => {
    const report = await scan('m.pt', checkpoint(torchState(), storage, { name: 'm/data/7', data: EVIL_PICKLE }));
    expect(report.reasons.map(({ code }) => code)).toEqual(['TORCH_STORAGE', 'TORCH_STORAGE', 'PICKLE_DENIED_GLOBAL']);
  });

  test('a storage that is deflated, or has room around it, is looked into', async () => {
    expect(await verdictOf('m.pt', checkpoint(torchState(), { ...storage, data: EVIL_PICKLE, deflate: true }))).toContain('DANGEROUS');
    expect(await verdictOf('m.pt', checkpoint(torchState(), { ...storage, hidden: Buffer.alloc(5000) }))).toContain('ARCHIVE_HIDDEN_DATA');
  });

  test.each<[string, Buffer]>([
    ['a storage class that is none', new PickleAssembler().proto(2).raw('(').text('storage').global('collections', 'OrderedDict').text('0').text('cpu').int(4).raw('tQ').stop()],
    ['a key that leaves the folder', torchState(1, '../0')],
    ['a module with source', new PickleAssembler().proto(2).raw('(').text('module').global('torch', 'FloatStorage').text('0').text('cpu').int(4).raw('tQ').stop()],
    ['an id that is a text', new PickleAssembler().raw('Pstorage\n').stop()],
  ])('%s is no plain persistent id', async (_, state) => {
    expect(await verdictOf('m.pt', checkpoint(state))).toContain('SUSPICIOUS PICKLE_PERSISTENT_ID');
  });

  test('entries beside the checkpoint folder make it an ordinary archive', async () => {
    expect((await scan('m.pt', checkpoint(torchState(), storage, { name: 'other/evil.pkl', data: EVIL_PICKLE }))).verdict).toBe('DANGEROUS');
  });

  test('the old layout counts only behind the literal magic number, and its tail is looked at', async () => {
    const legacy = real('torch-state-legacy.pt');
    expect(await verdictOf('a.pt', Buffer.concat([legacy.subarray(0, 700), legacy.subarray(900)]))).not.toContain('SAFE');
    const ends = legacy.length;
    expect(await verdictOf('a.pt', legacy.subarray(0, ends - 400))).not.toBe('SAFE');
  });

  test('a 100 GB checkpoint of 500 storages costs a handful of reads', async () => {
    const count = 500;
    const each = 200 * 1024 * 1024;
    const state = torchState(count);
    const names = ['m/data.pkl', ...Array.from({ length: count }, (_, index) => `m/data/${index}`), 'm/version'];
    const pieces: { at: number; bytes: Buffer }[] = [];
    const records: Buffer[] = [];
    let at = 0;
    for (const name of names) {
      const data = name === 'm/data.pkl' ? state : name === 'm/version' ? Buffer.from('3\n') : undefined;
      const size = data?.length ?? each;
      const local = Buffer.alloc(30 + name.length);
      local.writeUInt32LE(0x04034b50, 0);
      local.writeUInt32LE(size, 18);
      local.writeUInt32LE(size, 22);
      local.writeUInt16LE(name.length, 26);
      local.write(name, 30);
      pieces.push({ at, bytes: data === undefined ? local : Buffer.concat([local, data]) });
      const record = Buffer.alloc(46 + name.length + 12);
      record.writeUInt32LE(0x02014b50, 0);
      record.writeUInt32LE(size, 20);
      record.writeUInt32LE(size, 24);
      record.writeUInt16LE(name.length, 28);
      record.writeUInt16LE(12, 30);
      record.writeUInt32LE(0xffffffff, 42);
      record.write(name, 46);
      record.writeUInt16LE(1, 46 + name.length);
      record.writeUInt16LE(8, 48 + name.length);
      record.writeBigUInt64LE(BigInt(at), 50 + name.length);
      records.push(record);
      at += local.length + size;
    }
    const directory = Buffer.concat(records);
    const end = Buffer.alloc(56 + 20 + 22);
    end.writeUInt32LE(0x06064b50, 0);
    end.writeBigUInt64LE(44n, 4);
    end.writeBigUInt64LE(BigInt(names.length), 32);
    end.writeBigUInt64LE(BigInt(directory.length), 40);
    end.writeBigUInt64LE(BigInt(at), 48);
    end.writeUInt32LE(0x07064b50, 56);
    end.writeBigUInt64LE(BigInt(at + directory.length), 64);
    end.writeUInt32LE(0x06054b50, 76);
    end.writeUInt16LE(names.length, 86);
    end.writeUInt32LE(directory.length, 88);
    end.writeUInt32LE(0xffffffff, 92);
    pieces.push({ at, bytes: Buffer.concat([directory, end]) });
    const source = new SparseSource(at + directory.length + end.length, pieces);
    expect(source.size).toBeGreaterThan(100e9);
    expect(await scanFile('m.pt', source)).toMatchObject({ verdict: 'SAFE' });
    expect(source.reads).toBeLessThanOrEqual(6);
    expect(source.bytesRead).toBeLessThan(1024 * 1024);
  });
});
