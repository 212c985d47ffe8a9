import { CreateBucketCommand, GetObjectCommand, PutBucketVersioningCommand, PutObjectCommand, PutObjectTaggingCommand } from '@aws-sdk/client-s3';
import { ModelArtifactBucket, ModelPromoter } from '../../../../lib/models';
import { NetworkSegment } from '../../../../lib/network';
import { PROMOTE, PROMOTE_ENV, SCAN_STATUS_CLEAN, SCAN_STATUS_TAG } from '../../../../lib/models/promote.contract';
import type { HandlerCase, Stage } from '../handler-case';

/** A clean model is promoted, once; what is not clean stays, and a copy that fails leaves no parts. */
export const PROMOTE_CASE: HandlerCase = {
  contract: PROMOTE,
  build: (stack) => {
    const store = new ModelArtifactBucket(stack, 'Models');
    return new ModelPromoter(stack, 'Promoter', { store, segment: new NetworkSegment(stack, 'Network') }).function;
  },
  contextOf: (action): Record<string, string> => (action.startsWith('s3:GetObject') ? { [`s3:ExistingObjectTag/${SCAN_STATUS_TAG}`]: SCAN_STATUS_CLEAN } : {}),
  play: async (stage) => {
    const served = stage.deployed.environment[PROMOTE_ENV.SERVED_BUCKET];
    const quarantine = stage.deployed.environment[PROMOTE_ENV.QUARANTINE_BUCKET];
    for (const Bucket of [served, quarantine]) {
      await stage.s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-central-1' } }));
      await stage.s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
    }
    const weights = await upload(stage, quarantine, 'uploads/1/model ü.onnx', 'weights', SCAN_STATUS_CLEAN);
    const empty = await upload(stage, quarantine, 'uploads/1/empty.txt', '', SCAN_STATUS_CLEAN);
    const infected = await upload(stage, quarantine, 'uploads/1/evil.pkl', 'evil', 'THREATS_FOUND');
    const event = { model: 'fraud-scorer', objects: [{ name: 'model.onnx', ...weights }, { name: 'empty.txt', ...empty }] };

    const aborted = await stage.invoke({ ...event, model: 'refused' }, { UploadPartCopy: { status: 403, code: 'AccessDenied' } });
    stage.check('a refused copy fails the promotion', aborted.errorType === 'AccessDenied', aborted);
    stage.check('a refused copy is aborted', stage.calls.at(-1)?.operation === 'AbortMultipartUpload', stage.calls.at(-1));

    const first = await stage.invoke(event);
    const promotion = first.result as { prefix: string; objects: { outcome: string }[] } | undefined;
    stage.check('a clean model is promoted', promotion?.objects.every(({ outcome }) => outcome === 'copied') === true, first);
    const body = await stage.s3.send(new GetObjectCommand({ Bucket: served, Key: `${promotion?.prefix}model.onnx` }));
    stage.check('the served file is the uploaded one', (await body.Body?.transformToString()) === 'weights');

    const second = await stage.invoke(event);
    const outcomes = (second.result as typeof promotion)?.objects.map(({ outcome }) => outcome) ?? [];
    stage.check('a second run finds the files written once', outcomes.length === 2 && outcomes.every((outcome) => outcome === 'existed'), second);

    const before = stage.calls.length;
    const refused = await stage.invoke({ model: 'evil', objects: [{ name: 'evil.pkl', ...infected }] });
    stage.check('an infected version is refused', refused.errorType === 'PromotionError.NOT_CLEAN', refused);
    stage.check('an infected version is not read', stage.calls.slice(before).every(({ operation }) => operation === 'GetObjectTagging'));
  },
};

async function upload(stage: Stage, bucket: string, key: string, body: string, status: string): Promise<{ key: string; versionId: string | undefined }> {
  const { VersionId: versionId } = await stage.s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: Buffer.from(body) }));
  await stage.s3.send(new PutObjectTaggingCommand({
    Bucket: bucket, Key: key, VersionId: versionId, Tagging: { TagSet: [{ Key: SCAN_STATUS_TAG, Value: status }] },
  }));
  return { key, versionId };
}
