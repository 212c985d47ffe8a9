import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { QuarantineSource, ServedTarget } from '../../../lib/models/promote/promote-model';
import { promoteModel } from '../../../lib/models/promote/promote-model';
import type { PromotionObject } from '../../../lib/models/promote/promotion-request';

const CLEAN = 'NO_THREATS_FOUND';
const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest();

/** Files by name, each with its content and scan status, and the copies that were made. */
function stores(files: Record<string, { content: string; status?: string; announced?: number }>) {
  const copies: [string, string, number][] = [];
  const at = ({ name }: PromotionObject) => files[name] ?? { content: '' };
  const source: QuarantineSource = {
    tags: (object) => Promise.resolve(new Map(at(object).status === undefined ? [] : [['GuardDutyMalwareScanStatus', at(object).status ?? '']])),
    read: (object) => Promise.resolve({ size: at(object).announced ?? at(object).content.length, body: chunks(at(object).content) }),
  };
  const target: ServedTarget = {
    copy: (object, size, targetKey) => {
      copies.push([object.name, targetKey, size]);
      return Promise.resolve('copied');
    },
  };
  const objects = Object.keys(files).sort().map((name) => ({ name, key: `uploads/${name}`, versionId: 'v1' }));
  return { source, target, copies, request: { model: 'fraud-scorer', objects } };
}

async function* chunks(content: string): AsyncIterable<Uint8Array> {
  for (const char of content) yield await Promise.resolve(Buffer.from(char));
}

describe('a promotion', () => {
  test('serves clean files under the digest of their content', async () => {
    const { source, target, copies, request } = stores({ 'a.json': { content: '{}', status: CLEAN }, 'b.onnx': { content: 'weights', status: CLEAN } });
    const promotion = await promoteModel(request, source, target);
    const digest = sha256(Buffer.concat([sha256('{}'), sha256('weights')])).toString('hex');
    expect(promotion.prefix).toBe(`models/fraud-scorer/sha256-${digest}/`);
    expect(copies).toEqual([['a.json', `${promotion.prefix}a.json`, 2], ['b.onnx', `${promotion.prefix}b.onnx`, 7]]);
  });

  test.each([['THREATS_FOUND'], ['UNSUPPORTED'], ['ACCESS_DENIED'], ['FAILED'], ['no_threats_found'], [undefined]])(
    'of a file with the scan status %s is refused, and nothing is copied',
    async (status) => {
      const { source, target, copies, request } = stores({
        'a.json': { content: '{}', status: CLEAN },
        'b.onnx': { content: 'weights', ...(status === undefined ? {} : { status }) },
      });
      await expect(promoteModel(request, source, target)).rejects.toMatchObject({ code: 'NOT_CLEAN' });
      expect(copies).toEqual([]);
    },
  );

  test('of other content than expected is refused, and nothing is copied', async () => {
    const { source, target, copies, request } = stores({ 'a.json': { content: '{}', status: CLEAN } });
    await expect(promoteModel({ ...request, expectedDigest: '0'.repeat(64) }, source, target)).rejects.toMatchObject({ code: 'DIGEST_MISMATCH' });
    expect(copies).toEqual([]);
  });

  test('of a file that ends early is refused', async () => {
    const { source, target, request } = stores({ 'a.json': { content: '{}', status: CLEAN, announced: 3 } });
    await expect(promoteModel(request, source, target)).rejects.toMatchObject({ code: 'TRUNCATED' });
  });
});
