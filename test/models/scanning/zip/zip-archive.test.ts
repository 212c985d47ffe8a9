import { describe, expect, test } from 'vitest';
import { writeZip, type ZipPart } from '../fixtures/archive-writer';
import { writeNpy } from '../fixtures/format-writer';
import { EVIL_PICKLE, PLAIN_PICKLE } from '../fixtures/pickle-assembler';
import { scan, verdictOf } from '../fixtures/scan';

const npy = writeNpy("{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }", Buffer.alloc(16));
const good: ZipPart = { name: 'a.npy', data: npy };
const evil: ZipPart = { name: 'b.pkl', data: EVIL_PICKLE };
const zip = (...parts: ZipPart[]): Buffer => writeZip(parts);

describe('zip archives', () => {
  test('stored, deflated, 64-bit, commented and padded archives of safe entries are safe', async () => {
    expect(await verdictOf('x.zip', zip(good))).toBe('SAFE');
    expect(await verdictOf('x.zip', zip({ ...good, deflate: true }))).toBe('SAFE');
    expect(await verdictOf('x.zip', writeZip([good], { zip64: true }))).toBe('SAFE');
    expect(await verdictOf('x.zip', writeZip([good], { comment: Buffer.from('made by hand') }))).toBe('SAFE');
    expect(await verdictOf('x.zip', zip({ ...good, padding: 37 }))).toBe('SAFE');
    expect(await verdictOf('x.zip', zip({ name: 'folder/', data: Buffer.alloc(0) }, good))).toBe('SAFE');
  });

  test('a pickle is found whatever its name, method and flags say', async () => {
    for (const part of [evil, { ...evil, name: 'notes.txt' }, { ...evil, name: 'x.png' }, { ...evil, deflate: true }, { ...evil, flags: 0x20 }, { ...evil, flags: 1 }]) {
      expect((await scan('x.zip', zip(good, part))).verdict, part.name).toBe('DANGEROUS');
    }
  });

  test('the extension of the archive itself does not matter', async () => {
    for (const name of ['x.bin', 'x.dat', 'x.txt', 'x', 'x.pkl']) {
      expect((await scan(name, zip(good, evil))).verdict, name).toBe('DANGEROUS');
    }
  });

  test.each<[string, Buffer, string]>([
    ['two entries of one name', zip(good, { ...good }), 'ARCHIVE_DUPLICATE'],
    ['names that differ in case', zip(good, { ...good, name: 'A.npy' }), 'ARCHIVE_DUPLICATE'],
    ['another local name', zip({ ...good, localName: 'b.npy' }), 'ARCHIVE_MISMATCH'],
    ['another local method', zip({ ...good, localMethod: 8 }), 'ARCHIVE_MISMATCH'],
    ['stored with two sizes', zip({ ...good, size: 10 }), 'ARCHIVE_MISMATCH'],
    ['deflated to another size', zip({ ...good, deflate: true, size: npy.length - 1 }), 'MALFORMED'],
    ['deflated to a smaller size than declared', zip({ ...good, deflate: true, size: npy.length + 1 }), 'ARCHIVE_MISMATCH'],
    ['overlapping entries', zip(good, { ...good, name: 'c.npy', offset: 0 }), 'ARCHIVE_OVERLAP'],
    ['bytes between entries', zip({ ...good, hidden: EVIL_PICKLE }, { ...good, name: 'c.npy' }), 'ARCHIVE_HIDDEN_DATA'],
    ['bytes in front', writeZip([good], { prefix: Buffer.from('xyz') }), 'ARCHIVE_MISMATCH'],
    ['bytes in front that offsets count', writeZip([good], { prefix: Buffer.from('xyz'), shifted: true }), 'ARCHIVE_HIDDEN_DATA'],
    ['bytes behind', writeZip([good], { suffix: Buffer.from('xyz') }), 'ARCHIVE_HIDDEN_DATA'],
    ['more entries declared than there are', writeZip([good], { count: 2 }), 'ARCHIVE_MISMATCH'],
    ['encryption', zip({ ...good, flags: 1 }), 'ARCHIVE_ENCRYPTED'],
    ['an unknown method', zip({ ...good, method: 12, localMethod: 12 }), 'COMPRESSION_UNSUPPORTED'],
    ['a symbolic link', zip({ name: 'link', data: Buffer.from('/etc/passwd'), mode: 0o120777 }), 'ARCHIVE_LINK'],
    ['a device', zip({ name: 'dev', data: Buffer.alloc(0), mode: 0o020666 }), 'ARCHIVE_DEVICE'],
    ['a path upwards', zip({ ...good, name: '../a.npy' }), 'ARCHIVE_PATH'],
    ['an absolute path', zip({ ...good, name: '/a.npy' }), 'ARCHIVE_PATH'],
    ['a drive', zip({ ...good, name: 'C:a.npy' }), 'ARCHIVE_PATH'],
    ['a backslash', zip({ ...good, name: 'a\\b.npy' }), 'ARCHIVE_PATH'],
    ['a NUL', zip({ ...good, name: 'a.npy\0.txt' }), 'ARCHIVE_PATH'],
    ['a second name in an extra field', zip({ ...good, extra: Buffer.from('7570050001000000ff', 'hex') }), 'ARCHIVE_MISMATCH'],
    ['a bomb', zip({ name: 'a.npy', data: Buffer.alloc(4 * 1024 * 1024), deflate: true }), 'ARCHIVE_BOMB'],
    ['a script of an inference server', zip({ name: 'code/inference.py', data: Buffer.from('print(1)') }), 'INFERENCE_CODE'],
    ['a library', zip({ name: 'ops.so', data: Buffer.from('7f454c46', 'hex') }), 'NATIVE_CODE'],
  ])('%s is not safe', async (_, bytes, code) => {
    const report = await scan('x.zip', bytes);
    expect(report.reasons.map((reason) => reason.code)).toContain(code);
    expect(report.verdict).not.toBe('SAFE');
  });

  test('a declared size hides no bomb', async () => {
    const bytes = zip({ name: 'a.npy', data: Buffer.alloc(4 * 1024 * 1024), deflate: true, size: 1000 });
    expect((await scan('x.zip', bytes)).verdict).not.toBe('SAFE');
  });

  test('archives in archives are opened up to the limit', async () => {
    let bytes = zip(evil);
    for (let level = 0; level < 2; level += 1) {
      bytes = zip({ name: 'inner.zip', data: bytes });
    }
    expect((await scan('x.zip', bytes)).reasons[0]).toMatchObject({ code: 'PICKLE_DENIED_GLOBAL', path: 'x.zip!inner.zip!inner.zip!b.pkl' });
    for (let level = 0; level < 4; level += 1) {
      bytes = zip({ name: 'inner.zip', data: bytes });
    }
    expect(await verdictOf('x.zip', bytes)).toBe('UNSCANNABLE ARCHIVE_DEPTH');
  });

  test('the number of entries is limited', async () => {
    const parts = Array.from({ length: 50 }, (_, index) => ({ name: `${index}.pkl`, data: PLAIN_PICKLE }));
    expect(await verdictOf('x.zip', writeZip(parts))).toBe('SAFE');
    expect(await verdictOf('x.zip', writeZip(parts), { limits: { entries: 49 } })).toBe('UNSCANNABLE LIMIT_EXCEEDED');
  });

  test('a zip behind a pickle, and a zip without an end, are no single format', async () => {
    expect(await verdictOf('x.pkl', Buffer.concat([PLAIN_PICKLE, zip(good)]))).toContain('DANGEROUS POLYGLOT');
    expect(await verdictOf('x.zip', zip(good).subarray(0, -30))).toBe('UNSCANNABLE MALFORMED');
  });

  test('an end record behind 64-bit fields that disagree is refused', async () => {
    const bytes = writeZip([good], { zip64: true });
    const at = bytes.lastIndexOf('PK\x06\x07');
    const moved = Buffer.from(bytes);
    moved.writeBigUInt64LE(3n, at + 8);
    expect((await scan('x.zip', moved)).verdict).not.toBe('SAFE');
    const count = Buffer.from(bytes);
    count.writeUInt16LE(7, count.length - 12);
    expect(await verdictOf('x.zip', count)).toContain('ARCHIVE_MISMATCH');
  });
});
