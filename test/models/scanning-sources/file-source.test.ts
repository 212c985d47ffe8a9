import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { scanFile } from '../../../lib/models/scanning/scan-file';
import { FileSource } from '../../../lib/models/scanning-sources/file-source';
import { MemorySource } from '../../../lib/models/scanning-sources/memory-source';
import { EVIL_PICKLE } from '../scanning/fixtures/pickle-assembler';

const folder = mkdtempSync(join(tmpdir(), 'scan-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('sources', () => {
  test('a file is read in ranges, short at its end, and stays the opened one when its path is replaced', async () => {
    const path = join(folder, 'm.pkl');
    writeFileSync(path, EVIL_PICKLE);
    const source = await FileSource.open(path);
    expect(source.size).toBe(EVIL_PICKLE.length);
    expect(Buffer.from(await source.read(2, 4))).toEqual(EVIL_PICKLE.subarray(2, 6));
    expect(await source.read(EVIL_PICKLE.length - 1, 10)).toHaveLength(1);
    expect(await source.read(EVIL_PICKLE.length + 5, 10)).toHaveLength(0);
    rmSync(path);
    writeFileSync(path, 'harmless');
    expect((await scanFile(path, source)).verdict).toBe('DANGEROUS');
    await source.close();
  });

  test('a folder is refused', async () => {
    await expect(FileSource.open(folder)).rejects.toThrow(/not a regular file/);
  });

  test('a memory source counts what is read', async () => {
    const source = new MemorySource(EVIL_PICKLE);
    await source.read(0, 4);
    await source.read(20, 400);
    expect([source.reads, source.bytesRead]).toEqual([2, 6]);
  });
});
