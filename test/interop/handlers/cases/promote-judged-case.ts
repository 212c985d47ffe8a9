import { createHash } from 'node:crypto';
import { PROMOTE_ENV, PROMOTE_JUDGED } from '../../../../lib/models/promote.contract';
import { SCAN_STATUS_CLEAN } from '../../../../lib/models/promote/scan-status';
import { verdictKey, writeVerdict } from '../../../../lib/models/scan/scan-verdict';
import { uploadId } from '../../../../lib/models/scan/upload-id';
import { KmsSigner } from '../../../../lib/models/ports/kms-signer';
import { signStatement } from '../../../../lib/models/signing/sign-statement';
import { GetPublicKeyCommand, SignCommand } from '@aws-sdk/client-kms';
import { newTestKey } from '../../../models/signing/test-key';
import type { HandlerCase } from '../handler-case';
import { bytesOf, keysBelow, makeBucket, putObjects } from './gate-stage';
import { cleanVersions, makeKey, scanFunction, upload } from './scan-stage';

/** With a scanner, what has its signed verdict is promoted, by the files or by the verdict's id; anything else is not. */
export const PROMOTE_JUDGED_CASE: HandlerCase = {
  contract: PROMOTE_JUDGED,
  build: (stack) => scanFunction(stack, 'Promoter'),
  contextOf: cleanVersions,
  play: async (stage) => {
    const { environment } = stage.deployed;
    const [served, quarantine, records] = ['SERVED_BUCKET', 'QUARANTINE_BUCKET', 'VERDICTS_BUCKET'].map((name) => environment[PROMOTE_ENV[name as keyof typeof PROMOTE_ENV]]);
    for (const bucket of [served, quarantine, records]) await makeBucket(stage, bucket);
    const keyArn = environment[PROMOTE_ENV.VERDICT_KEY_ARN];
    await makeKey(stage, keyArn);
    const scanner = new KmsSigner({
      getPublicKey: (request) => stage.kms.send(new GetPublicKeyCommand(request)), sign: (request) => stage.kms.send(new SignCommand(request)),
    }, keyArn);
    const { objects } = await upload(stage, quarantine, { 'model.bin': 'weights', 'empty.txt': '' }, SCAN_STATUS_CLEAN);
    const sorted = [...objects].sort((one, other) => (one.name < other.name ? -1 : 1));
    const contents: Record<string, string> = { 'model.bin': 'weights', 'empty.txt': '' };
    const id = uploadId(quarantine, sorted);
    const judged = sorted.map((object) => ({ ...object, size: contents[object.name].length, sha256: createHash('sha256').update(contents[object.name]).digest('hex') }));
    const verdict = { id, bucket: quarantine, verdict: 'CLEAN' as const, reasons: [], judgedAt: new Date(), objects: judged };

    const event = { model: 'fraud', verdict: id };
    const unjudged = await stage.invoke(event);
    stage.check('what nobody judged is refused', unjudged.errorType === 'PromotionError.NO_VERDICT', unjudged);
    await putObjects(stage, records, [[verdictKey(id), await signStatement(writeVerdict(verdict), newTestKey().signer)]]);
    const forged = await stage.invoke({ model: 'fraud', objects });
    stage.check('a verdict of another key is refused', forged.errorType === 'PromotionError.VERDICT_INVALID', forged);
    await putObjects(stage, records, [[verdictKey(id), await signStatement(writeVerdict({ ...verdict, verdict: 'REFUSED', reasons: ['MALWARE_FOUND'] }), scanner)]]);
    const refused = await stage.invoke(event);
    stage.check('a signed refusal is refused', refused.errorType === 'PromotionError.NOT_CLEAN', refused);
    stage.check('nothing was served', (await keysBelow(stage, served, '')).length === 0);

    await putObjects(stage, records, [[verdictKey(id), await signStatement(writeVerdict(verdict), scanner)]]);
    const aborted = await stage.invoke(event, { UploadPartCopy: { status: 403, code: 'AccessDenied' } });
    stage.check('a refused copy fails the promotion, and is aborted', aborted.errorType === 'AccessDenied' && stage.calls.at(-1)?.operation === 'AbortMultipartUpload', aborted);
    for (const [what, asked, outcome] of [['by the verdict', event, 'copied'], ['by the files', { model: 'fraud', objects }, 'existed']] as const) {
      const promoted = await stage.invoke(asked);
      const outcomes = (promoted.result as { objects: { outcome: string }[] } | undefined)?.objects.map((one) => one.outcome) ?? [];
      stage.check(`a clean upload is promoted ${what}`, outcomes.includes(outcome), promoted);
    }
    const [beside] = (await keysBelow(stage, served, 'models/')).filter((key) => key.endsWith('.verdict'));
    stage.check('its verdict lies beside the manifest, as it was signed', Buffer.from(await bytesOf(stage, served, beside)).equals(Buffer.from(await bytesOf(stage, records, verdictKey(id)))));
  },
};
