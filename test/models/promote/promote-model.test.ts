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
    write: (text, targetKey) => {
      copies.push([text, targetKey, text.length]);
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
    const hex = (text: string) => sha256(text).toString('hex');
    const manifest = `${hex('{}')}  a.json\n${hex('weights')}  b.onnx\n`;
    const place = `models/fraud-scorer/sha256-${hex(manifest)}`;
    expect(promotion).toMatchObject({
      digest: sha256(Buffer.concat([sha256('{}'), sha256('weights')])).toString('hex'), prefix: `${place}/`, manifest: `${place}.manifest`,
    });
    expect(copies).toEqual([
      ['a.json', `${place}/a.json`, 2], ['b.onnx', `${place}/b.onnx`, 7], [manifest, `${place}.manifest`, manifest.length],
    ]);
  });

  test('with a verdict leaves it beside the manifest, before it: a promotion without it is not complete', async () => {
    const { source, target, copies, request } = stores({ 'a.json': { content: '{}', status: CLEAN } });
    const files = [{ name: 'a.json', sha256: sha256('{}').toString('hex') }];
    const { prefix, manifest } = await promoteModel(request, source, target, { cleanVerdict: () => Promise.resolve({ files, bundle: Buffer.from('signed') }) });
    expect(copies.slice(1).map(([text, key]) => [text, key])).toEqual([['signed', `${prefix.slice(0, -1)}.verdict`], [`${files[0].sha256}  a.json\n`, manifest]]);
    const other = { cleanVerdict: () => Promise.resolve({ files: [], bundle: Buffer.from('signed') }) };
    await expect(promoteModel(request, source, target, other)).rejects.toMatchObject({ code: 'VERDICT_INVALID' });
  });

  test('of the same contents under other names goes elsewhere: nothing is added to a promoted model', async () => {
    const first = stores({ 'a.bin': { content: 'x', status: CLEAN }, 'b.bin': { content: 'y', status: CLEAN } });
    const second = stores({ 'b.bin': { content: 'x', status: CLEAN }, 'c.bin': { content: 'y', status: CLEAN } });
    const [one, two] = [await promoteModel(first.request, first.source, first.target), await promoteModel(second.request, second.source, second.target)];
    expect(two.digest).toBe(one.digest);
    expect(two.prefix).not.toBe(one.prefix);
  });

  test('that is cut off leaves no manifest', async () => {
    const { source, target, copies, request } = stores({ 'a.json': { content: '{}', status: CLEAN }, 'b.onnx': { content: 'w', status: CLEAN } });
    const failing: ServedTarget = { ...target, copy: (object, size, key) => object.name === 'b.onnx' ? Promise.reject(new Error('throttled')) : target.copy(object, size, key) };
    await expect(promoteModel(request, source, failing)).rejects.toThrow('throttled');
    expect(copies.map(([name]) => name)).toEqual(['a.json']);
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
