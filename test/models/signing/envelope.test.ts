import { createHash, createPublicKey } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { keyHint } from '../../../lib/models/signing/elliptic-key';
import { assertSignature, IN_TOTO_PAYLOAD_TYPE, preAuthenticationEncoding } from '../../../lib/models/signing/envelope';
import { expectRefusal } from './refusal';

// A public vector of the reference implementation: two files, one ignored, signed by a P-384 key.
const PAYLOAD = Buffer.from(
  JSON.stringify(
    {
      _type: 'https://in-toto.io/Statement/v1',
      subject: [{ name: 'v1.1.0-elliptic-key', digest: { sha256: '92745110b1ab4368471cbe31664e10174e954b113a3df333db860317b2c6dec4' } }],
      predicateType: 'https://model_signing/signature/v1.0',
      predicate: {
        resources: [
          { algorithm: 'sha256', name: 'signme-1', digest: 'bc9a717db6064a32cbe9eae6fc40651dd6d36ef1757183f590eff2b1765d7ebc' },
          { algorithm: 'sha256', name: 'signme-2', digest: '32dcb1f8e1ae52d5963e56a6ba06ab58b424c15ed2a6b70d2feca1d089370028' },
        ],
        serialization: {
          allow_symlinks: false,
          method: 'files',
          hash_type: 'sha256',
          ignore_paths: ['.git', 'model.sig', 'ignore-me', '.gitattributes', '.gitignore', '.github'],
        },
      },
    },
    undefined,
    2,
  ),
);

const KEY = createPublicKey(`-----BEGIN PUBLIC KEY-----
MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEsu6rZGBTjxtvRWPMixT+3HyndV0J0Ybt
aHZUcO4DEK+OJHO/4e32bb/fbJKSpRgcBsIpKLcVijUomyFOERbd7u+BTPSUjGZD
Qq6J7lTvp/EAXQGOKxW9RP0MGX3qAkvi
-----END PUBLIC KEY-----
`);

const SIGNATURE = Buffer.from(
  'MGUCMQCVqSw64cBnPHqbyadq+OIgwQSg7WW8Mztp3dJ++atQsxzbtwafJJ164u7WEXmx5hECMBSiShuN7OTLec6wLXpHUjFIQA/h' +
    'hiBCjSzM9Q2cIUZpDmv+tWs1AkNxstJDbNl0lQ==',
  'base64',
);

describe('envelope', () => {
  test('encodes lengths in bytes before type and payload', () => {
    expect(preAuthenticationEncoding('type', Buffer.from('é')).toString()).toBe('DSSEv1 4 type 2 é');
    expect(preAuthenticationEncoding('', Buffer.alloc(0)).toString()).toBe('DSSEv1 0  0 ');
  });

  test('encodes the public vector to the published digests', () => {
    const encoded = preAuthenticationEncoding(IN_TOTO_PAYLOAD_TYPE, PAYLOAD);
    expect(encoded.length).toBe(969);
    expect(encoded.subarray(0, 45).toString()).toBe('DSSEv1 28 application/vnd.in-toto+json 926 {\n');
    expect(createHash('sha384').update(encoded).digest('hex')).toBe(
      '6e6d5a20557206845d6a27da34fe58c5b1545e7ed1bab5ada2b728a941a827aa2e4fee3ef76ea6126de7ea55ded14cf0',
    );
    expect(createHash('sha256').update(encoded).digest('hex')).toBe('56c34fe75ca78f05f58e56add9e7c283544ae330b8092b92e6004a38f7581f4b');
  });

  test('verifies the public vector with the hash of its curve', () => {
    expect(() => assertSignature({ payload: PAYLOAD, signature: SIGNATURE }, KEY)).not.toThrow();
  });

  test('refuses the vector after one flipped bit of payload or signature', async () => {
    const flipped = (bytes: Buffer, at: number): Buffer => Buffer.from(bytes.map((byte, index) => (index === at ? byte ^ 1 : byte)));
    await expectRefusal(() => assertSignature({ payload: flipped(PAYLOAD, 300), signature: SIGNATURE }, KEY), 'SIGNATURE_INVALID');
    for (let at = 0; at < SIGNATURE.length; at++) {
      await expectRefusal(() => assertSignature({ payload: PAYLOAD, signature: flipped(SIGNATURE, at) }, KEY), 'SIGNATURE_INVALID');
    }
  });

  test('names the key by the digest of its PEM text, not of its DER', () => {
    expect(keyHint(KEY)).toBe('e8450dec4eb99dae995da9af1bc2cc9f76ed669ee2e744f57abba763df3e3f8e');
    expect(
      createHash('sha256')
        .update(KEY.export({ type: 'spki', format: 'der' }))
        .digest('hex'),
    ).toBe('c1e49d63327f85c7e2971aefd30b5a0d1c6b9b5e1a892e7f5fba995adace816d');
  });
});
