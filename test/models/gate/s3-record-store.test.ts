import type { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, test } from 'vitest';
import { serveDesk } from '../../../lib/models/gate/gate-desk';
import { S3RecordStore } from '../../../lib/models/gate/s3-record-store';
import { GateWorld, person } from './gate-world';

/** As S3 does: never more keys in an answer, and a token for the rest. */
const PAGE = 1_000;

let files: Map<string, Buffer>;
let pages: number;
const send = (command: ListObjectsV2Command | GetObjectCommand): Promise<unknown> => {
  if (command instanceof GetObjectCommand) {
    const content = files.get(command.input.Key!);
    if (!content) return Promise.reject(Object.assign(new Error('no such key'), { name: 'NoSuchKey' }));
    return Promise.resolve({ ContentLength: content.length, Body: { transformToByteArray: () => Promise.resolve(content) } });
  }
  pages += 1;
  const { Prefix, ContinuationToken } = command.input;
  const keys = [...files.keys()].filter((key) => key.startsWith(Prefix!)).sort();
  const start = ContinuationToken === undefined ? 0 : Number(ContinuationToken);
  const end = start + PAGE;
  const more = end < keys.length ? { IsTruncated: true, NextContinuationToken: String(end) } : {};
  return Promise.resolve({ Contents: keys.slice(start, end).map((Key) => ({ Key })), ...more });
};
const store = () => new S3RecordStore({ send } as never, 'records');
const idOf = (index: number) => index.toString(16).padStart(32, '0');

beforeEach(() => {
  files = new Map();
  pages = 0;
});

describe('the keys of records', () => {
  test('are listed to the end, over as many pages as there are', async () => {
    for (let index = 0; index < 2_001; index += 1) files.set(`decisions/${idOf(index)}.json`, Buffer.from('{}'));
    expect(await store().keys('decisions/')).toHaveLength(2_001);
    expect(pages).toBe(3);
  });

  test('are refused where more are there than make sense, without reading on', async () => {
    for (let index = 0; index < 3_000; index += 1) files.set(`evidence/root/${idOf(index)}.json`, Buffer.from('{}'));
    await expect(store().keys('evidence/root/', 1_000)).rejects.toMatchObject({ code: 'RESULT_INVALID', message: expect.stringContaining('more than 1000 records') });
    expect(pages).toBe(2);
  });
});

test('the desk shows what is open behind a thousand decided records, and nothing that is decided', async () => {
  const world = await GateWorld.create();
  const approval = await world.pending();
  const open = world.records.files.get(`pending/${approval}.json`)!;
  const last = 'f'.repeat(32);
  for (let index = 0; index < 1_000; index += 1) {
    files.set(`pending/${idOf(index)}.json`, open);
    files.set(`decisions/${idOf(index)}.json`, Buffer.from('{}'));
  }
  // Decided as well, on the second page of the decisions; the one that is open comes after it.
  files.set(`pending/${'e'.repeat(32)}.json`, open);
  files.set(`decisions/${'e'.repeat(32)}.json`, Buffer.from('{}'));
  files.set(`pending/${last}.json`, Buffer.from(open.toString().replaceAll(approval, last)));
  const answer = await serveDesk(
    { callerArn: person('dave'), body: { action: 'list' } },
    { records: store(), now: () => world.now, random: () => Buffer.alloc(0), isApprover: () => true },
  );
  expect(answer).toMatchObject({ approvals: [{ approval: last }], more: false });
});
