import { createHash, createPublicKey } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Certificate } from '../../../lib/models/signing/certificate';
import { keyHint } from '../../../lib/models/signing/elliptic-key';
import { signModel } from '../../../lib/models/signing/sign-model';
import type { SigningErrorCode } from '../../../lib/models/signing/signing-error';
import { treeDigest } from '../../../lib/models/signing/tree-digest';
import { VERIFICATION_STEPS } from '../../../lib/models/signing/verification-step';
import { verifyModel } from '../../../lib/models/signing/verify-model';
import { verifyMutatedBundle } from './bundle-fuzzer';
import { CODE_SIGNING, KEY_USAGE, newCertificate, toPem } from './certificate-builder';
import { MemoryArtifactStore } from './memory-artifact-store';
import { expectRefusal } from './refusal';
import type { PlainBundle} from './test-bundle';
import { newBundle, payloadOf, resigned, toBytes, toPlain } from './test-bundle';
import { newTestKey } from './test-key';

const key = newTestKey();
const trust = { publicKey: key.publicKey };
const FILES = [
  ['config.json', '{}'],
  ['weights/a.bin', 'a'.repeat(40)],
  ['weights/b.bin', 'b'],
] as const;
const model = new MemoryArtifactStore(FILES);
const bundle = newBundle(FILES, key.privateKey);

const sha256 = (content: string): string => createHash('sha256').update(content).digest('hex');

interface Payload {
  _type: string;
  subject: Array<Record<string, unknown>>;
  predicateType: string;
  predicate: {
    serialization: Record<string, unknown>;
    resources: Array<{ name: string; algorithm: string; digest: string; [more: string]: unknown }>;
  };
}

/** The bundle with a changed outside; the payload and its signature stay. */
function bent(change: (plain: PlainBundle) => void, from = bundle): Buffer {
  const plain = toPlain(from);
  change(plain);
  return toBytes(plain);
}

/** The bundle over a changed statement, signed by the trusted key: what a hostile signer could make. */
function stating(change: (payload: Payload) => void, options: { keepRoot?: boolean } = {}): Buffer {
  const payload = JSON.parse(payloadOf(bundle).toString()) as Payload;
  change(payload);
  if (!options.keepRoot && Array.isArray(payload.predicate?.resources)) {
    payload.subject[0].digest = { sha256: treeDigest(payload.predicate.resources.map(({ digest }) => String(digest))) };
  }
  return resigned(bundle, JSON.stringify(payload), key.privateKey);
}

const flip = (bytes: Buffer, at: number): Buffer => Buffer.from(bytes.map((byte, index) => (index === at ? byte ^ 0x01 : byte)));

describe('verifying a model', () => {
  test.each(['P-256', 'P-384', 'P-521'] as const)('accepts what was signed by a key of %s', async (curve) => {
    const signer = newTestKey(curve);
    const signed = await signModel(model, signer.signer);
    const verified = await verifyModel(model, signed.bundle, { trust: { publicKey: signer.publicKey } });
    expect(payloadOf(signed.bundle)).toEqual(payloadOf(bundle));
    expect(verified).toMatchObject({ rootDigest: signed.rootDigest, keyHint: keyHint(createPublicKey(signer.publicKey)), unsigned: [] });
    expect(verified.files.map(({ name }) => name)).toEqual(['config.json', 'weights/a.bin', 'weights/b.bin']);
  });

  test('names the steps in their order', () => {
    expect(VERIFICATION_STEPS.join(' ')).toBe('size json bundle key signature statement root-digest ignore-paths inventory names content');
  });
});

describe('a changed model', () => {
  test.each<[string, MemoryArtifactStore, SigningErrorCode, string]>([
    ['one changed byte', model.with('weights/b.bin', 'c'), 'FILE_MISMATCH', 'content'],
    ['a changed last byte of a longer file', model.with('weights/a.bin', `${'a'.repeat(39)}b`), 'FILE_MISMATCH', 'content'],
    ['an appended byte', model.with('weights/b.bin', 'b\0'), 'FILE_MISMATCH', 'content'],
    ['an emptied file', model.with('weights/b.bin', ''), 'FILE_MISMATCH', 'content'],
    ['a removed file', model.without('config.json'), 'FILE_MISSING', 'names'],
    ['an added file', model.with('extra.py', 'x'), 'FILE_EXTRA', 'names'],
    ['an added empty file', model.with('weights/__init__.py', ''), 'FILE_EXTRA', 'names'],
    ['an added dotfile', model.with('.evil', 'x'), 'FILE_EXTRA', 'names'],
    ['a renamed file', model.without('config.json').with('Config.json', '{}'), 'FILE_MISSING', 'names'],
    ['a file in place of another', model.without('weights/b.bin').with('weights/c.bin', 'b'), 'FILE_MISSING', 'names'],
    ['two files swapped', model.with('config.json', 'b').with('weights/b.bin', '{}'), 'FILE_MISMATCH', 'content'],
    ['a directory that took the name of the signature', model.with('model.sig/code.py', 'x'), 'FILE_EXTRA', 'names'],
    ['a file name that climbs', model.with('../x', 'x'), 'FILE_NAME_INVALID', 'inventory'],
    ['no file', new MemoryArtifactStore([]), 'FILE_MISSING', 'names'],
  ])('with %s is refused', async (_, store, code, step) => {
    await expectRefusal(() => verifyModel(store, bundle, { trust }), code, step);
  });

  test('is refused by its names before any content is read', async () => {
    const store = model.with('extra.py', 'x');
    await expectRefusal(() => verifyModel(store, bundle, { trust }), 'FILE_EXTRA');
    expect(store.reads).toEqual([]);
  });

  test('may have files beyond the signed ones only when the caller says so, and they are reported', async () => {
    const verified = await verifyModel(model.with('log.txt', 'x'), bundle, { trust, allowUnsignedFiles: true });
    expect(verified.unsigned).toEqual(['log.txt']);
    await expectRefusal(() => verifyModel(model.with('weights/b.bin', 'c'), bundle, { trust, allowUnsignedFiles: true }), 'FILE_MISMATCH');
    await expectRefusal(() => verifyModel(model.without('config.json'), bundle, { trust, allowUnsignedFiles: true }), 'FILE_MISSING');
  });

  test('shows hostile names without their control characters', async () => {
    const refusal = await expectRefusal(() => verifyModel(model.with('\u001b[2Jok\u202e', 'x'), bundle, { trust }), 'FILE_EXTRA');
    expect(refusal.message).not.toMatch(/[\u001b\u202e]/);
    expect(refusal.message).toContain('\\u001b[2Jok\\u202e');
  });
});

describe('a changed bundle', () => {
  test.each<[string, Buffer, SigningErrorCode]>([
    ['nothing', Buffer.alloc(0), 'JSON_SYNTAX'],
    ['its first 100 bytes', bundle.subarray(0, 100), 'JSON_SYNTAX'],
    ['other JSON', Buffer.from('{"garbage":true}'), 'FIELD_UNKNOWN'],
    ['an array', Buffer.from('[]'), 'FIELD_INVALID'],
    ['a key twice', Buffer.from(bundle.toString().replace('{"mediaType"', '{"mediaType":"x","mediaType"')), 'JSON_DUPLICATE_KEY'],
    ['a byte order mark', Buffer.concat([Buffer.from('\ufeff'), bundle]), 'JSON_SYNTAX'],
    [
      'a wrong media type',
      bent((plain) => {
        plain.mediaType = 'application/vnd.dev.sigstore.bundle.v0.1+json';
      }),
      'MEDIA_TYPE_REFUSED',
    ],
    [
      'a foreign media type',
      bent((plain) => {
        plain.mediaType = 'application/json';
      }),
      'MEDIA_TYPE_REFUSED',
    ],
    [
      'an unknown field',
      bent((plain) => {
        Object.assign(plain, { more: 1 });
      }),
      'FIELD_UNKNOWN',
    ],
    [
      'an unknown field of the envelope',
      bent((plain) => {
        Object.assign(plain.dsseEnvelope, { more: 1 });
      }),
      'FIELD_UNKNOWN',
    ],
    [
      'an unknown field of the signature',
      bent((plain) => {
        plain.dsseEnvelope.signatures[0].more = 1;
      }),
      'FIELD_UNKNOWN',
    ],
    [
      'an unknown field of the material',
      bent((plain) => {
        plain.verificationMaterial.more = 1;
      }),
      'FIELD_UNKNOWN',
    ],
    [
      'no envelope',
      bent((plain) => {
        Reflect.deleteProperty(plain, 'dsseEnvelope');
      }),
      'FIELD_MISSING',
    ],
    [
      'no material',
      bent((plain) => {
        Reflect.deleteProperty(plain, 'verificationMaterial');
      }),
      'FIELD_MISSING',
    ],
    [
      'a wrong payload type',
      bent((plain) => {
        plain.dsseEnvelope.payloadType = 'application/octet-stream';
      }),
      'PAYLOAD_TYPE_REFUSED',
    ],
    [
      'no signature',
      bent((plain) => {
        plain.dsseEnvelope.signatures = [];
      }),
      'SIGNATURE_COUNT',
    ],
    [
      'two signatures',
      bent((plain) => {
        plain.dsseEnvelope.signatures.push(plain.dsseEnvelope.signatures[0]);
      }),
      'SIGNATURE_COUNT',
    ],
    [
      'an empty payload',
      bent((plain) => {
        plain.dsseEnvelope.payload = '';
      }),
      'FIELD_INVALID',
    ],
    [
      'a key id that is a number',
      bent((plain) => {
        plain.dsseEnvelope.signatures[0].keyid = 5;
      }),
      'FIELD_INVALID',
    ],
    [
      'a line feed in the base64',
      bent((plain) => {
        plain.dsseEnvelope.payload = `${plain.dsseEnvelope.payload.slice(0, 8)}\n${plain.dsseEnvelope.payload.slice(8)}`;
      }),
      'BASE64_NOT_CANONICAL',
    ],
    [
      'base64 without its padding',
      bent((plain) => {
        plain.dsseEnvelope.signatures[0].sig = 'QUI';
      }),
      'BASE64_NOT_CANONICAL',
    ],
    [
      'base64 of the URL alphabet',
      bent((plain) => {
        plain.dsseEnvelope.signatures[0].sig = Buffer.from([0xfb, 0xff, 0xfe]).toString('base64url');
      }),
      'BASE64_NOT_CANONICAL',
    ],
    [
      'stray bits in the base64',
      bent((plain) => {
        plain.dsseEnvelope.payload = 'QUJDRB==';
      }),
      'BASE64_NOT_CANONICAL',
    ],
    [
      'two methods',
      bent((plain) => {
        plain.verificationMaterial.x509CertificateChain = { certificates: [{ rawBytes: 'AA==' }] };
      }),
      'METHOD_MISMATCH',
    ],
    [
      'no method',
      bent((plain) => {
        delete plain.verificationMaterial.publicKey;
      }),
      'METHOD_MISMATCH',
    ],
    [
      'the keyless method',
      bent((plain) => {
        plain.verificationMaterial = { certificate: { rawBytes: 'AA==' }, tlogEntries: [] };
      }),
      'METHOD_MISMATCH',
    ],
    [
      'a changed hint',
      bent((plain) => {
        plain.verificationMaterial.publicKey = { hint: 'a'.repeat(64) };
      }),
      'KEY_HINT_MISMATCH',
    ],
    [
      'an empty hint',
      bent((plain) => {
        plain.verificationMaterial.publicKey = { hint: '' };
      }),
      'FIELD_INVALID',
    ],
    [
      'no hint',
      bent((plain) => {
        plain.verificationMaterial.publicKey = {};
      }),
      'FIELD_MISSING',
    ],
  ])('with %s is refused', async (_, bytes, code) => {
    await expectRefusal(() => verifyModel(model, bytes, { trust }), code);
  });

  test('over its size limit is refused before it is read', async () => {
    await expectRefusal(() => verifyModel(model, Buffer.alloc(2000, '['), { trust, maxBundleBytes: 1999 }), 'BUNDLE_TOO_LARGE', 'size');
    await expectRefusal(() => verifyModel(model, Buffer.alloc(33 * 1024 * 1024, ' '), { trust }), 'BUNDLE_TOO_LARGE', 'size');
  });

  test('with one flipped bit anywhere in the payload is refused', async () => {
    const payload = payloadOf(bundle);
    for (let at = 0; at < payload.length; at++) {
      const changed = bent((plain) => {
        plain.dsseEnvelope.payload = flip(payload, at).toString('base64');
      });
      await expectRefusal(() => verifyModel(model, changed, { trust }), 'SIGNATURE_INVALID', 'signature');
    }
  });

  test('with one flipped bit anywhere in the signature is refused', async () => {
    const signature = Buffer.from(String(toPlain(bundle).dsseEnvelope.signatures[0].sig), 'base64');
    for (let at = 0; at < signature.length; at++) {
      const changed = bent((plain) => {
        plain.dsseEnvelope.signatures[0].sig = flip(signature, at).toString('base64');
      });
      await expectRefusal(() => verifyModel(model, changed, { trust }), 'SIGNATURE_INVALID', 'signature');
    }
  });

  test('is checked over its payload bytes, not over JSON written anew', async () => {
    const compact = JSON.stringify(JSON.parse(payloadOf(bundle).toString()));
    const changed = bent((plain) => {
      plain.dsseEnvelope.payload = Buffer.from(compact).toString('base64');
    });
    await expectRefusal(() => verifyModel(model, changed, { trust }), 'SIGNATURE_INVALID', 'signature');
    await verifyModel(model, resigned(bundle, compact, key.privateKey), { trust });
  });
});

describe('a bundle of another key', () => {
  const stranger = newTestKey();

  test('is refused, also when it carries the hint of the trusted one', async () => {
    const signed = (await signModel(model, stranger.signer)).bundle;
    await expectRefusal(() => verifyModel(model, signed, { trust }), 'KEY_HINT_MISMATCH', 'key');
    const posing = bent((plain) => {
      plain.verificationMaterial = toPlain(bundle).verificationMaterial;
    }, signed);
    await expectRefusal(() => verifyModel(model, posing, { trust }), 'SIGNATURE_INVALID', 'signature');
  });

  test('is refused when it brings its key along', async () => {
    const signed = (await signModel(model, stranger.signer)).bundle;
    const bringing = bent((plain) => {
      plain.verificationMaterial = { publicKey: { rawBytes: Buffer.from(stranger.publicKey).toString('base64') } };
    }, signed);
    await expectRefusal(() => verifyModel(model, bringing, { trust }), 'KEY_HINT_MISMATCH', 'key');
    const torn = bent((plain) => {
      plain.verificationMaterial = {
        publicKey: { hint: keyHint(createPublicKey(key.publicKey)), rawBytes: Buffer.from(stranger.publicKey).toString('base64') },
      };
    }, signed);
    await expectRefusal(() => verifyModel(model, torn, { trust }), 'KEY_HINT_MISMATCH', 'bundle');
  });

  test('is refused when the method is not the one that the caller trusts', async () => {
    const root = newTestKey();
    const anchor = newCertificate({ subject: 'root', issuer: 'root', key: root.privateKey, issuerKey: root.privateKey, ca: true });
    const leaf = newCertificate({
      subject: 'leaf',
      issuer: 'root',
      key: key.privateKey,
      issuerKey: root.privateKey,
      keyUsage: KEY_USAGE.digitalSignature,
      extendedUsages: [CODE_SIGNING],
    });
    const certified = (await signModel(model, key.signer, { certificates: { leaf: toPem(leaf) } })).bundle;
    const certificates = { anchors: [Certificate.fromDer(anchor)], at: new Date('2030-01-01T00:00:00Z') };
    await verifyModel(model, certified, { trust: { certificates } });
    await expectRefusal(() => verifyModel(model, certified, { trust }), 'METHOD_MISMATCH', 'key');
    await expectRefusal(() => verifyModel(model, bundle, { trust: { certificates } }), 'METHOD_MISMATCH', 'key');
    await expectRefusal(
      () => verifyModel(model.with('config.json', '[]'), certified, { trust: { certificates } }),
      'FILE_MISMATCH',
      'content',
    );
  });
});

describe('a statement that the trusted key signed', () => {
  test.each<[string, Buffer, SigningErrorCode]>([
    ['no JSON', resigned(bundle, 'text', key.privateKey), 'JSON_SYNTAX'],
    [
      'a key twice',
      resigned(bundle, payloadOf(bundle).toString().replace('"subject"', '"subject": [], "subject"'), key.privateKey),
      'JSON_DUPLICATE_KEY',
    ],
    [
      'another type',
      stating((payload) => {
        payload._type = 'https://in-toto.io/Statement/v0.1';
      }),
      'STATEMENT_TYPE_REFUSED',
    ],
    [
      'another predicate type',
      stating((payload) => {
        payload.predicateType = 'https://example.com/other/v1';
      }),
      'PREDICATE_TYPE_REFUSED',
    ],
    [
      'the deprecated predicate type',
      stating((payload) => {
        payload.predicateType = 'https://model_signing/Digests/v0.1';
      }),
      'PREDICATE_TYPE_REFUSED',
    ],
    [
      'no subject',
      stating(
        (payload) => {
          payload.subject.pop();
        },
        { keepRoot: true },
      ),
      'SUBJECT_COUNT',
    ],
    [
      'two subjects',
      stating((payload) => {
        payload.subject.push(payload.subject[0]);
      }),
      'SUBJECT_COUNT',
    ],
    [
      'a subject without digest',
      stating(
        (payload) => {
          delete payload.subject[0].digest;
        },
        { keepRoot: true },
      ),
      'FIELD_MISSING',
    ],
    [
      'a subject without name',
      stating((payload) => {
        payload.subject[0].name = '';
      }),
      'FIELD_INVALID',
    ],
    [
      'an unknown field',
      stating((payload) => {
        Object.assign(payload, { more: 1 });
      }),
      'FIELD_UNKNOWN',
    ],
    [
      'an unknown field of the predicate',
      stating((payload) => {
        Object.assign(payload.predicate, { annotations: {} });
      }),
      'FIELD_UNKNOWN',
    ],
    [
      'an unknown field of the serialization',
      stating((payload) => {
        payload.predicate.serialization.more = 1;
      }),
      'FIELD_UNKNOWN',
    ],
    [
      'no serialization',
      stating((payload) => {
        Reflect.deleteProperty(payload.predicate, 'serialization');
      }),
      'FIELD_MISSING',
    ],
    [
      'an unknown method',
      stating((payload) => {
        payload.predicate.serialization.method = 'tree';
      }),
      'FIELD_INVALID',
    ],
    [
      'a shard size for whole files',
      stating((payload) => {
        payload.predicate.serialization.shard_size = 5;
      }),
      'FIELD_INVALID',
    ],
    [
      'links as text',
      stating((payload) => {
        payload.predicate.serialization.allow_symlinks = 'false';
      }),
      'FIELD_INVALID',
    ],
    [
      'no resources',
      stating((payload) => {
        payload.predicate.resources = [];
      }),
      'RESOURCES_EMPTY',
    ],
    [
      'a resource twice',
      stating((payload) => {
        payload.predicate.resources.push(payload.predicate.resources[0]);
      }),
      'RESOURCE_DUPLICATE',
    ],
    [
      'a resource twice with two digests',
      stating((payload) => {
        payload.predicate.resources.push({ ...payload.predicate.resources[0], digest: sha256('x') });
      }),
      'RESOURCE_DUPLICATE',
    ],
    [
      'MD5',
      stating((payload) => {
        payload.predicate.serialization.hash_type = 'md5';
      }),
      'ALGORITHM_REFUSED',
    ],
    [
      'an algorithm named like a member of a prototype',
      stating((payload) => {
        payload.predicate.serialization.hash_type = 'constructor';
      }),
      'ALGORITHM_REFUSED',
    ],
    [
      'BLAKE3',
      stating((payload) => {
        payload.predicate.serialization.hash_type = 'blake3';
      }),
      'ALGORITHM_REFUSED',
    ],
    [
      'two algorithms',
      stating((payload) => {
        payload.predicate.resources[0].algorithm = 'blake2b';
      }),
      'ALGORITHM_MISMATCH',
    ],
    [
      'an upper-case digest',
      stating((payload) => {
        payload.predicate.resources[0].digest = payload.predicate.resources[0].digest.toUpperCase();
      }),
      'RESOURCE_DIGEST_INVALID',
    ],
    [
      'a short digest',
      stating((payload) => {
        payload.predicate.resources[0].digest = 'ab';
      }),
      'RESOURCE_DIGEST_INVALID',
    ],
    [
      'another root digest',
      stating(
        (payload) => {
          payload.subject[0].digest = { sha256: sha256('x') };
        },
        { keepRoot: true },
      ),
      'ROOT_DIGEST_MISMATCH',
    ],
    [
      'resources in another order than the root digest',
      stating(
        (payload) => {
          payload.predicate.resources.reverse();
        },
        { keepRoot: true },
      ),
      'ROOT_DIGEST_MISMATCH',
    ],
    [
      'the name of a one-file model',
      stating((payload) => {
        payload.predicate.resources = [{ name: '.', algorithm: 'sha256', digest: sha256('{}') }];
      }),
      'RESOURCE_NAME_INVALID',
    ],
  ])('is refused with %s', async (_, bytes, code) => {
    await expectRefusal(() => verifyModel(model, bytes, { trust }), code);
  });

  test.each([
    '../config.json',
    'weights/../config.json',
    './config.json',
    'weights//a.bin',
    '/config.json',
    'weights\\a.bin',
    'config.json\0',
    'config.json/',
    '..',
  ])('is refused with the resource name %j', async (name) => {
    await expectRefusal(
      () =>
        verifyModel(
          model,
          stating((payload) => {
            payload.predicate.resources[0].name = name;
          }),
          { trust },
        ),
      'RESOURCE_NAME_INVALID',
      'statement',
    );
  });

  test('is refused with a lone surrogate in a name, escaped or raw', async () => {
    const escaped = stating((payload) => {
      payload.predicate.resources[0].name = 'a\ud800';
    });
    expect(payloadOf(escaped).toString()).toContain('a\\ud800');
    await expectRefusal(() => verifyModel(model, escaped, { trust }), 'JSON_ENCODING', 'statement');
    const raw = Buffer.from(payloadOf(bundle).toString('latin1').replace('config.json', 'a\xed\xa0\x80'), 'latin1');
    await expectRefusal(() => verifyModel(model, resigned(bundle, raw, key.privateKey), { trust }), 'JSON_ENCODING', 'statement');
  });

  test('may have further fields in a resource and another order', async () => {
    const bytes = stating((payload) => {
      payload.predicate.resources.reverse();
      payload.predicate.resources[0].media_type = 'text/plain';
    });
    await verifyModel(model, bytes, { trust });
  });

  test('may use BLAKE2b', async () => {
    const blake = (content: string): string => createHash('blake2b512').update(content).digest('hex');
    const one = new MemoryArtifactStore([['a', 'x']]);
    const bytes = stating((payload) => {
      payload.predicate.serialization.hash_type = 'blake2b';
      payload.predicate.resources = [{ name: 'a', algorithm: 'blake2b', digest: blake('x') }];
    });
    await verifyModel(one, bytes, { trust });
    await expectRefusal(() => verifyModel(one.with('a', 'y'), bytes, { trust }), 'FILE_MISMATCH');
  });
});

describe('ignore paths in a signature', () => {
  const ignoring = (...paths: unknown[]): Buffer =>
    stating((payload) => {
      payload.predicate.serialization.ignore_paths = paths;
    });
  const store = model.with('code.py', 'import os');

  test('leave nothing out that the caller does not leave out too', async () => {
    await expectRefusal(() => verifyModel(store, ignoring('code.py'), { trust }), 'IGNORE_PATH_REFUSED', 'ignore-paths');
    await expectRefusal(() => verifyModel(model, ignoring('code.py'), { trust }), 'IGNORE_PATH_REFUSED', 'ignore-paths');
    await expectRefusal(() => verifyModel(store, ignoring('weights'), { trust }), 'IGNORE_PATH_REFUSED', 'ignore-paths');
    await verifyModel(store, ignoring('.git', 'model.sig', 'code.py'), { trust, ignorePaths: ['code.py'] });
    await verifyModel(model.with('cache/a', 'x'), ignoring('cache/a'), { trust, ignorePaths: ['cache'] });
    await expectRefusal(() => verifyModel(model, ignoring('cache'), { trust, ignorePaths: ['cache/a'] }), 'IGNORE_PATH_REFUSED');
  });

  test('are honoured when the caller trusts the signer with them', async () => {
    await verifyModel(store, ignoring('code.py'), { trust, honourSignedIgnores: true });
    await expectRefusal(() => verifyModel(store, ignoring('code'), { trust, honourSignedIgnores: true }), 'FILE_EXTRA');
  });

  test('do not let a file of the usual signature name in when the signature lies elsewhere', async () => {
    await expectRefusal(() => verifyModel(model.with('model.sig', 'x'), bundle, { trust, signatureName: false }), 'FILE_EXTRA');
    await verifyModel(model, bundle, { trust, signatureName: 'other.sig' });
  });

  test.each(['../x', '/x', '*', '*.py', 'a/./b', 'a//b', '.', '..', 'a\\b', 'a\0'])(
    'are refused as %j, whatever the caller allows',
    async (path) => {
      await expectRefusal(() => verifyModel(model, ignoring(path), { trust, honourSignedIgnores: true }), 'IGNORE_PATH_INVALID');
    },
  );

  test('are refused when they are no strings', async () => {
    await expectRefusal(() => verifyModel(model, ignoring(1), { trust, honourSignedIgnores: true }), 'FIELD_INVALID');
    await expectRefusal(() => verifyModel(model, ignoring(''), { trust, honourSignedIgnores: true }), 'FIELD_INVALID');
  });

  test('with one flipped bit in the signed list are refused', async () => {
    const payload = payloadOf(bundle);
    const at = payload.indexOf('.gitignore');
    const changed = bent((plain) => {
      plain.dsseEnvelope.payload = flip(payload, at + 3).toString('base64');
    });
    await expectRefusal(() => verifyModel(model, changed, { trust }), 'SIGNATURE_INVALID');
  });
});

describe('earlier forms', () => {
  const early = (from: Buffer): Buffer =>
    bent((plain) => {
      plain.verificationMaterial = {
        publicKey: { rawBytes: Buffer.from(key.publicKey).toString('base64'), keyDetails: 'PKIX_ECDSA_P256_SHA_256' },
      };
      plain.dsseEnvelope.signatures[0].keyid = null;
    }, from);

  test('with a raw key, a null key id and no log entries are accepted', async () => {
    await verifyModel(model, early(bundle), { trust });
    const der = createPublicKey(key.publicKey).export({ type: 'spki', format: 'der' }).toString('base64');
    await verifyModel(
      model,
      bent((plain) => {
        plain.verificationMaterial = { publicKey: { rawBytes: der } };
      }),
      { trust },
    );
    await verifyModel(
      model,
      bent((plain) => {
        delete plain.dsseEnvelope.signatures[0].keyid;
      }),
      { trust },
    );
  });

  test('with a private key in place of the raw key are refused', async () => {
    const leaking = bent((plain) => {
      plain.verificationMaterial = { publicKey: { rawBytes: Buffer.from(key.privateKeyPem).toString('base64') } };
    });
    await expectRefusal(() => verifyModel(model, leaking, { trust }), 'KEY_INVALID', 'bundle');
  });

  test('without ignore paths are accepted', async () => {
    await verifyModel(
      model,
      stating((payload) => {
        delete payload.predicate.serialization.ignore_paths;
      }),
      { trust },
    );
  });

  test('with a dot for a single file verify that file', async () => {
    const bytes = early(
      stating((payload) => {
        payload.predicate.resources = [{ name: '.', algorithm: 'sha256', digest: sha256('content') }];
      }),
    );
    await verifyModel(new MemoryArtifactStore([['weights.bin', 'content']], 'weights.bin', 'file'), bytes, { trust });
    await expectRefusal(
      () => verifyModel(new MemoryArtifactStore([['weights.bin', 'other']], 'weights.bin', 'file'), bytes, { trust }),
      'FILE_MISMATCH',
    );
    const named = stating((payload) => {
      payload.predicate.resources = [{ name: 'weights.bin', algorithm: 'sha256', digest: sha256('content') }];
    });
    await verifyModel(new MemoryArtifactStore([['weights.bin', 'content']], 'weights.bin', 'file'), named, { trust });
  });

  test('of links that were followed accept a model without links', async () => {
    await verifyModel(
      model,
      stating((payload) => {
        payload.predicate.serialization.allow_symlinks = true;
      }),
      { trust },
    );
  });
});

describe('a model signed in shards', () => {
  const content = 'a'.repeat(25);
  const store = new MemoryArtifactStore([
    ['w:1:2', content],
    ['small', 'xyz'],
    ['empty', ''],
  ]);
  const shard = (name: string, text: string) => ({ name, algorithm: 'sha256', digest: sha256(text) });
  const whole = [
    shard('small:0:3', 'xyz'),
    shard('w:1:2:0:10', 'a'.repeat(10)),
    shard('w:1:2:10:20', 'a'.repeat(10)),
    shard('w:1:2:20:25', 'a'.repeat(5)),
  ];
  const sharded = (resources = whole, size: unknown = 10): Buffer =>
    stating((payload) => {
      payload.predicate.serialization = { method: 'shards', shard_size: size, hash_type: 'sha256', allow_symlinks: false };
      payload.predicate.resources = resources;
    });

  test('is accepted, also with colons in names and without its empty files', async () => {
    const verified = await verifyModel(store, sharded(), { trust });
    expect(verified.files.map(({ name }) => name)).toEqual(['small', 'w:1:2']);
    expect(verified.unsigned).toEqual(['empty']);
    await verifyModel(store, sharded([...whole, shard('empty:0:0', '')]), { trust });
  });

  test('is accepted with the size in the name of the algorithm, as the reference signer writes it, and with no other size', async () => {
    const named = (size: number): Buffer => sharded(whole.map((resource) => ({ ...resource, algorithm: `sha256-sharded-${size}` })));
    await verifyModel(store, named(10), { trust });
    await expectRefusal(() => verifyModel(store, named(11), { trust }), 'ALGORITHM_MISMATCH');
  });

  test.each<[string, MemoryArtifactStore, SigningErrorCode]>([
    ['a changed byte in the last shard', store.with('w:1:2', `${'a'.repeat(24)}b`), 'FILE_MISMATCH'],
    ['a byte after the last shard', store.with('w:1:2', `${content}a`), 'FILE_MISMATCH'],
    ['a byte less', store.with('w:1:2', content.slice(1)), 'FILE_MISMATCH'],
    ['a removed file', store.without('small'), 'FILE_MISSING'],
    ['an added file', store.with('more', 'x'), 'FILE_EXTRA'],
  ])('is refused with %s', async (_, changed, code) => {
    await expectRefusal(() => verifyModel(changed, sharded(), { trust }), code);
  });

  test.each<[string, Buffer, SigningErrorCode]>([
    ['a gap', sharded([whole[0], whole[1], whole[3]]), 'SHARDS_INVALID'],
    ['no first shard', sharded([whole[0], whole[2], whole[3]]), 'SHARDS_INVALID'],
    ['an overlap', sharded([...whole, shard('w:1:2:5:15', 'a'.repeat(10))]), 'SHARDS_INVALID'],
    ['a shard over the size', sharded([whole[0], shard('w:1:2:0:25', content)]), 'SHARDS_INVALID'],
    [
      'a short shard in the middle',
      sharded([whole[0], shard('w:1:2:0:5', 'a'.repeat(5)), shard('w:1:2:5:15', 'a'.repeat(10)), shard('w:1:2:15:25', 'a'.repeat(10))]),
      'SHARDS_INVALID',
    ],
    ['no last shard', sharded(whole.slice(0, 3)), 'FILE_MISMATCH'],
    ['a shard twice', sharded([...whole, whole[3]]), 'RESOURCE_DUPLICATE'],
    ['a name without range', sharded([...whole, shard('plain', 'x')]), 'SHARDS_INVALID'],
    ['a range backwards', sharded([...whole, shard('x:5:1', 'x')]), 'SHARDS_INVALID'],
    ['a leading zero', sharded([...whole, shard('x:0:03', 'x')]), 'SHARDS_INVALID'],
    ['a huge offset', sharded([...whole, shard('x:0:99999999999999999999', 'x')]), 'SHARDS_INVALID'],
    ['a name that climbs', sharded([...whole, shard('../x:0:1', 'x')]), 'RESOURCE_NAME_INVALID'],
    ['no shard size', sharded(whole, null), 'FIELD_INVALID'],
    ['a shard size of zero', sharded(whole, 0), 'FIELD_INVALID'],
    ['a shard size that is no integer', sharded(whole, 1.5), 'FIELD_INVALID'],
  ])('is refused with %s in the signature', async (_, bytes, code) => {
    await expectRefusal(() => verifyModel(store, bytes, { trust }), code);
  });
});

describe('a mutated bundle', () => {
  test('never verifies, never throws anything else, never hangs', async () => {
    await fc.assert(fc.asyncProperty(verifyMutatedBundle.arbitrary, verifyMutatedBundle.property), { numRuns: 2_000 });
  });
});
