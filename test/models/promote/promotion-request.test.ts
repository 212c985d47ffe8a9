import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PromotionError } from '../../../lib/models/promote/promotion-error';
import { toPromotionRequest } from '../../../lib/models/promote/promotion-request';

const OBJECT = { name: 'model.onnx', key: 'uploads/1/model.onnx', versionId: 'v1' };
const VALID = { model: 'fraud-scorer', objects: [OBJECT] };

describe('a promotion request', () => {
  test('is read, with its files in code-point order', () => {
    const names = ['a/b', 'a.txt', 'a-1', '😀', '\uFB01'];
    const request = toPromotionRequest({ model: 'm', objects: names.map((name) => ({ ...OBJECT, name })), expectedDigest: 'a'.repeat(64) });
    expect(request.objects.map((object) => object.name)).toEqual(['a-1', 'a.txt', 'a/b', '\uFB01', '😀']);
    expect(request.expectedDigest).toBe('a'.repeat(64));
  });

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['a list', [VALID]],
    ['an unknown field', { ...VALID, force: true }],
    ['a prototype field', JSON.parse('{"model":"m","objects":[],"__proto__":{"x":1}}')],
    ['a model with a slash', { ...VALID, model: 'a/b' }],
    ['a model that climbs', { ...VALID, model: '..' }],
    ['a model in capitals', { ...VALID, model: 'Fraud' }],
    ['no objects', { ...VALID, objects: [] }],
    ['too many objects', { ...VALID, objects: Array.from({ length: 1001 }, (_, i) => ({ ...OBJECT, name: `f${i}` })) }],
    ['a name twice', { ...VALID, objects: [OBJECT, OBJECT] }],
    ['a name that climbs', { ...VALID, objects: [{ ...OBJECT, name: '../../other/model.onnx' }] }],
    ['a name with a line break', { ...VALID, objects: [{ ...OBJECT, name: 'a\nb' }] }],
    ['an absolute name', { ...VALID, objects: [{ ...OBJECT, name: '/model.onnx' }] }],
    ['an empty key', { ...VALID, objects: [{ ...OBJECT, key: '' }] }],
    ['a key above 1024 bytes', { ...VALID, objects: [{ ...OBJECT, key: 'ä'.repeat(513) }] }],
    ['no version', { ...VALID, objects: [{ name: 'a', key: 'a' }] }],
    ['the null version', { ...VALID, objects: [{ ...OBJECT, versionId: 'null' }] }],
    ['a version with a query', { ...VALID, objects: [{ ...OBJECT, versionId: 'v1&x=1' }] }],
    ['a digest in capitals', { ...VALID, expectedDigest: 'A'.repeat(64) }],
  ])('fails with %s', (_, event) => {
    expect(() => toPromotionRequest(event)).toThrow(expect.objectContaining({ code: 'INVALID_REQUEST' }) as Error);
  });

  test('any JSON is read or refused with a closed code', () => {
    fc.assert(fc.property(fc.jsonValue(), (event) => {
      try {
        toPromotionRequest(event);
      } catch (error) {
        expect(error).toBeInstanceOf(PromotionError);
      }
    }), { numRuns: 500 });
  });
});
