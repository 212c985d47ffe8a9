import { ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import { S3ArtifactStore } from '../../../../lib/models/ports/s3-artifact-store';
import { digestKey, writeDigest } from '../../../../lib/models/served/object-digest';
import type { SignedServedModel } from '../../../../lib/models/served/sign-served-model';
import { SIGN_MODEL, SIGN_MODEL_ENV } from '../../../../lib/models/sign-model.contract';
import { verifyModel } from '../../../../lib/models/signing/verify-model';
import type { HandlerCase, Stage } from '../handler-case';
import { bytesOf, keysBelow, makeBucket, putObjects } from './gate-stage';
import { makeKey } from './scan-stage';
import { promotedModel, signFunction } from './sign-stage';

/** What is hashed and named by the promoter's manifest is signed by KMS inside the model, once, and verifies against the objects. */
export const SIGN_MODEL_CASE: HandlerCase = {
  contract: SIGN_MODEL,
  build: (stack) => signFunction(stack, 'Sign'),
  play: async (stage) => {
    const { environment } = stage.deployed;
    const [served, records] = [environment[SIGN_MODEL_ENV.SERVED_BUCKET], environment[SIGN_MODEL_ENV.RECORDS_BUCKET]];
    const publicKey = await makeKey(stage, environment[SIGN_MODEL_ENV.KEY_ARN]);
    const { prefix, objects } = promotedModel();
    const manifest = `${prefix.slice(0, -1)}.manifest`;
    await makeBucket(stage, served, objects.filter(([key]) => key !== manifest));
    await makeBucket(stage, records);

    const unhashed = await stage.invoke({ prefix });
    stage.check('a model without digests is not signed', unhashed.errorType === 'ServedModelError.NOT_HASHED', unhashed);
    await hashAll(stage, served, records, prefix, new Map(objects));
    const unnamed = await stage.invoke({ prefix });
    stage.check('a model without a manifest is not signed', unnamed.errorType === 'ServedModelError.MANIFEST_MISMATCH', unnamed);
    await putObjects(stage, served, objects.filter(([key]) => key === manifest));
    const denied = await stage.invoke({ prefix }, { Sign: { status: 400, code: 'AccessDeniedException' } });
    stage.check('a refused signature fails the function', denied.errorType === 'SigningError', denied);
    stage.check('and leaves none', !(await keysBelow(stage, served, prefix)).includes(`${prefix}model.sig`));

    for (const written of [true, false]) {
      const signed = await stage.invoke({ prefix });
      stage.check(written ? 'the model is signed' : 'a second run leaves the first signature', (signed.result as SignedServedModel | undefined)?.written === written, signed);
    }
    const store = new S3ArtifactStore({ client: stage.s3, bucket: served, prefix });
    const { files } = await verifyModel(store, await bytesOf(stage, served, `${prefix}model.sig`), { trust: { publicKey } });
    stage.check('it verifies against the objects, with the public key of KMS', files.length === 3, files);
    const own = promotedModel({ 'model.onnx': 'weights', 'model.sig': 'of the producer' });
    await putObjects(stage, served, own.objects);
    await hashAll(stage, served, records, own.prefix, new Map(own.objects));
    const brought = await stage.invoke({ prefix: own.prefix });
    stage.check('a model with a signature of its own keeps it', (brought.result as SignedServedModel | undefined)?.written === false, brought);
    const hostile = await stage.invoke({ prefix: 'models/' });
    stage.check('a prefix of many models fails the function', hostile.errorType === 'ServedModelError.INVALID_PLACE', hostile);
  },
};

/** Records the digests as the other function does. */
async function hashAll({ s3 }: Pick<Stage, 's3'>, bucket: string, records: string, prefix: string, contents: ReadonlyMap<string, Buffer>): Promise<void> {
  const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket: bucket, Prefix: prefix }));
  for (const { Key: key = '', VersionId: versionId = '', Size: size = 0 } of Versions) {
    const place = { bucket, key, versionId, size };
    const sha256 = createHash('sha256').update(contents.get(key)!).digest('hex');
    await putObjects({ s3 }, records, [[digestKey(place), writeDigest({ ...place, sha256 })]]);
  }
}
