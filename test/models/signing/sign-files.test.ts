import { describe, expect, test } from 'vitest';
import { ignoredBeside } from '../../../lib/models/signing/ignore-rules';
import { signFiles } from '../../../lib/models/signing/sign-files';
import { signModel } from '../../../lib/models/signing/sign-model';
import { verifyModel } from '../../../lib/models/signing/verify-model';
import { MemoryArtifactStore } from './memory-artifact-store';
import { expectRefusal } from './refusal';
import { payloadOf } from './test-bundle';
import { newTestKey } from './test-key';

const key = newTestKey();
const store = new MemoryArtifactStore([
  ['a/b', 'x'],
  ['a-1', 'y'],
  ['😀', 'z'],
  ['\uFB01', ''],
]);

describe('signing files that were hashed elsewhere', () => {
  test('states the same as signing the model, whatever order they come in', async () => {
    const model = await signModel(store, key.signer);
    const files = model.files.map(({ artifact, digest }) => ({ name: artifact.name, digest })).reverse();
    const signed = await signFiles('model', files, ignoredBeside(), key.signer);
    expect(signed.rootDigest).toBe(model.rootDigest);
    expect(payloadOf(signed.bundle)).toEqual(payloadOf(model.bundle));
    await verifyModel(store, signed.bundle, { trust: { publicKey: key.publicKey } });
  });

  const digest = 'a'.repeat(64);
  test('refuses none, names that are not canonical, duplicates and digests that are none', async () => {
    const sign = (...files: Array<{ name: string; digest: string }>) => signFiles('model', files, ignoredBeside(), key.signer);
    await expectRefusal(() => sign(), 'MODEL_EMPTY');
    await expectRefusal(() => sign({ name: '../a', digest }), 'FILE_NAME_INVALID');
    await expectRefusal(
      () => sign({ name: 'a', digest }, { name: 'b', digest }, { name: 'a', digest: 'b'.repeat(64) }),
      'RESOURCE_DUPLICATE',
    );
    await expectRefusal(() => sign({ name: 'a', digest: digest.toUpperCase() }), 'RESOURCE_DIGEST_INVALID');
    await expectRefusal(() => sign({ name: 'a', digest: 'a' }), 'RESOURCE_DIGEST_INVALID');
  });
});
