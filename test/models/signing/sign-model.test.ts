import { X509Certificate } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { keyHint, readPublicKey } from '../../../lib/models/signing/elliptic-key';
import { signModel } from '../../../lib/models/signing/sign-model';
import { CODE_SIGNING, KEY_USAGE, newCertificate, toPem } from './certificate-builder';
import { MemoryArtifactStore } from './memory-artifact-store';
import { expectRefusal } from './refusal';
import { payloadOf, toPlain } from './test-bundle';
import { newTestKey } from './test-key';

const key = newTestKey();
const model = (): MemoryArtifactStore =>
  new MemoryArtifactStore([
    ['signme-2', 'signme-2'],
    ['signme-1', 'signme-1\n'],
  ]);

describe('signing a model', () => {
  test('writes the current form of the bundle and no earlier one', async () => {
    const { bundle } = await signModel(model(), key.signer);
    expect(toPlain(bundle)).toEqual({
      mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
      verificationMaterial: { publicKey: { hint: keyHint(readPublicKey(key.publicKey)) }, tlogEntries: [] },
      dsseEnvelope: {
        payload: expect.any(String),
        payloadType: 'application/vnd.in-toto+json',
        signatures: [{ sig: expect.any(String), keyid: '' }],
      },
    });
    expect(JSON.parse(payloadOf(bundle).toString())).toEqual({
      _type: 'https://in-toto.io/Statement/v1',
      subject: [{ name: 'model', digest: { sha256: '92745110b1ab4368471cbe31664e10174e954b113a3df333db860317b2c6dec4' } }],
      predicateType: 'https://model_signing/signature/v1.0',
      predicate: {
        serialization: {
          method: 'files',
          hash_type: 'sha256',
          allow_symlinks: false,
          ignore_paths: ['.git', '.gitattributes', '.github', '.gitignore', 'model.sig'],
        },
        resources: [
          { name: 'signme-1', algorithm: 'sha256', digest: 'bc9a717db6064a32cbe9eae6fc40651dd6d36ef1757183f590eff2b1765d7ebc' },
          { name: 'signme-2', algorithm: 'sha256', digest: '32dcb1f8e1ae52d5963e56a6ba06ab58b424c15ed2a6b70d2feca1d089370028' },
        ],
      },
    });
  });

  test('gives the root digest and each file with the version that was read', async () => {
    const signed = await signModel(model(), key.signer);
    expect(signed.rootDigest).toBe('92745110b1ab4368471cbe31664e10174e954b113a3df333db860317b2c6dec4');
    expect(signed.files.map(({ artifact }) => `${artifact.name}@${artifact.version}`)).toEqual(['signme-1@1', 'signme-2@1']);
  });

  test('states the same for the same model each time, in code point order', async () => {
    const names = ['😀', 'a/b', '\uFB01', 'a-1', 'model/x', 'a.txt', 'model-00001.safetensors'];
    const stores = [names, [...names].reverse()].map((order) => new MemoryArtifactStore(order.map((name) => [name, name])));
    const [first, second] = await Promise.all(stores.map((store) => signModel(store, key.signer)));
    expect(payloadOf(first.bundle)).toEqual(payloadOf(second.bundle));
    expect(first.files.map(({ artifact }) => artifact.name)).toEqual([
      'a-1',
      'a.txt',
      'a/b',
      'model-00001.safetensors',
      'model/x',
      '\uFB01',
      '😀',
    ]);
  });

  test('includes empty files, dotfiles and hidden directories', async () => {
    const store = new MemoryArtifactStore([
      ['empty.bin', ''],
      ['.env.example', 'e'],
      ['.cache/w.bin', 'w'],
      ['sub/.gitignore', 'g'],
      ['.gitignore', 'g'],
    ]);
    const { files } = await signModel(store, key.signer);
    expect(files.map(({ artifact }) => artifact.name)).toEqual(['.cache/w.bin', '.env.example', 'empty.bin', 'sub/.gitignore']);
    expect(files[2].digest).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });

  test('leaves out what the caller says, and the signature only where it lies', async () => {
    const store = model().with('cache/x', 'x').with('model.sig', 's').with('other.sig', 'o');
    const names = async (options: object): Promise<string[]> =>
      (await signModel(store, key.signer, options)).files.map(({ artifact }) => artifact.name);
    expect(await names({ ignorePaths: ['cache'] })).toEqual(['other.sig', 'signme-1', 'signme-2']);
    expect(await names({ signatureName: 'other.sig' })).toEqual(['cache/x', 'model.sig', 'signme-1', 'signme-2']);
    expect(await names({ signatureName: false })).toEqual(['cache/x', 'model.sig', 'other.sig', 'signme-1', 'signme-2']);
  });

  test('refuses a model without files and a single file', async () => {
    await expectRefusal(
      () =>
        signModel(
          new MemoryArtifactStore([
            ['.gitignore', 'x'],
            ['model.sig', 'y'],
          ]),
          key.signer,
        ),
      'MODEL_EMPTY',
    );
    await expectRefusal(() => signModel(new MemoryArtifactStore([['a', 'x']], 'a', 'file'), key.signer), 'MODEL_IS_ONE_FILE');
  });

  test.each(['a\\b', 'a//b', '/a', '../a', 'a/./b', 'a\ud800'])('refuses the file name %j', async (name) => {
    await expectRefusal(() => signModel(model().with(name, 'x'), key.signer), 'FILE_NAME_INVALID');
  });

  test('puts leaf and chain into the bundle for the certificate method', async () => {
    const root = newTestKey();
    const issuer = newCertificate({ subject: 'root', issuer: 'root', key: root.privateKey, issuerKey: root.privateKey, ca: true });
    const leaf = newCertificate({
      subject: 'leaf',
      issuer: 'root',
      key: key.privateKey,
      issuerKey: root.privateKey,
      keyUsage: KEY_USAGE.digitalSignature,
      extendedUsages: [CODE_SIGNING],
    });
    const { bundle } = await signModel(model(), key.signer, { certificates: { leaf: toPem(leaf), chain: [toPem(issuer)] } });
    const chain = toPlain(bundle).verificationMaterial.x509CertificateChain as { certificates: Array<{ rawBytes: string }> };
    expect(chain.certificates.map(({ rawBytes }) => new X509Certificate(Buffer.from(rawBytes, 'base64')).subject)).toEqual([
      'CN=leaf',
      'CN=root',
    ]);
    await expectRefusal(() => signModel(model(), newTestKey().signer, { certificates: { leaf: toPem(leaf) } }), 'CERTIFICATE_INVALID');
  });

  test('does not give out a signature that its own key does not verify', async () => {
    const liar = { publicKeyPem: async () => newTestKey().publicKey, sign: (message: Uint8Array) => key.signer.sign(message) };
    await expectRefusal(() => signModel(model(), liar), 'SIGNER_FAILED');
    const broken = {
      publicKeyPem: async () => key.publicKey,
      sign: async (): Promise<Uint8Array> => {
        throw new Error('throttled');
      },
    };
    expect((await expectRefusal(() => signModel(model(), broken), 'SIGNER_FAILED')).message).toContain('throttled');
  });

  test('reports progress up to the size of the model', async () => {
    const seen: number[] = [];
    await signModel(model(), key.signer, { onProgress: (bytes) => seen.push(bytes) });
    expect(seen.at(-1)).toBe(17);
    expect([...seen].sort((a, b) => a - b)).toEqual(seen);
  });
});
