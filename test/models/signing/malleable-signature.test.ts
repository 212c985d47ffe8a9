import { describe, expect, test } from 'vitest';
import { signModel } from '../../../lib/models/signing/sign-model';
import { verifyModel } from '../../../lib/models/signing/verify-model';
import { MemoryArtifactStore } from './memory-artifact-store';
import { newTestKey } from './test-key';

/** The order of P-256. */
const ORDER = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');

/** The other signature of the same message: (r, n - s) is as valid as (r, s), and nobody needs the key for it. */
function mirrored(der: Buffer): Buffer {
  const integer = (at: number) => ({ value: BigInt(`0x${der.subarray(at + 2, at + 2 + der[at + 1]).toString('hex')}`), next: at + 2 + der[at + 1] });
  const r = integer(2);
  const s = integer(r.next);
  const encoded = (value: bigint) => {
    const hex = value.toString(16);
    const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
    const unsigned = bytes[0] >= 0x80 ? Buffer.concat([Buffer.alloc(1), bytes]) : bytes;
    return Buffer.concat([Buffer.from([2, unsigned.length]), unsigned]);
  };
  const body = Buffer.concat([encoded(r.value), encoded(ORDER - s.value)]);
  return Buffer.concat([Buffer.from([0x30, body.length]), body]);
}

describe('a signature that somebody mirrored without the key', () => {
  test('is valid, and says nothing else: models are known by their root digest, never by a signature', async () => {
    const key = newTestKey();
    const model = new MemoryArtifactStore([['model.onnx', 'weights']]);
    const { bundle } = await signModel(model, key.signer);
    const parsed = JSON.parse(bundle.toString()) as { dsseEnvelope: { signatures: [{ sig: string; keyid: string }] } };
    const [signature] = parsed.dsseEnvelope.signatures;
    const other = mirrored(Buffer.from(signature.sig, 'base64'));
    expect(other.toString('base64')).not.toBe(signature.sig);
    signature.sig = other.toString('base64');
    const trust = { publicKey: key.publicKey };
    const [first, second] = [await verifyModel(model, bundle, { trust }), await verifyModel(model, Buffer.from(JSON.stringify(parsed)), { trust })];
    expect(second).toEqual(first);
  });

  test('with a number of another length is none', async () => {
    const key = newTestKey();
    const model = new MemoryArtifactStore([['model.onnx', 'weights']]);
    const { bundle } = await signModel(model, key.signer);
    const parsed = JSON.parse(bundle.toString()) as { dsseEnvelope: { signatures: [{ sig: string }] } };
    const [signature] = parsed.dsseEnvelope.signatures;
    signature.sig = Buffer.concat([Buffer.from(signature.sig, 'base64'), Buffer.alloc(1)]).toString('base64');
    await expect(verifyModel(model, Buffer.from(JSON.stringify(parsed)), { trust: { publicKey: key.publicKey } })).rejects.toMatchObject({ code: 'SIGNATURE_INVALID' });
  });
});
