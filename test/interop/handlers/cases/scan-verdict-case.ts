import { SCAN_STATUS_CLEAN } from '../../../../lib/models/promote/scan-status';
import { SCAN_VERDICT, SCAN_VERDICT_ENV } from '../../../../lib/models/scan-verdict.contract';
import type { UploadOutcome } from '../../../../lib/models/scan/judge-upload';
import { readVerdict, verdictKey } from '../../../../lib/models/scan/scan-verdict';
import { uploadId } from '../../../../lib/models/scan/upload-id';
import { reportKey, writeReport } from '../../../../lib/models/scan/upload-report';
import type { HandlerCase } from '../handler-case';
import { bytesOf, keysBelow, makeBucket, putObjects } from './gate-stage';
import { makeKey, scanFunction, upload } from './scan-stage';

/** What report and tags say is signed by KMS, once; without tags or a signature there is no verdict. */
export const SCAN_VERDICT_CASE: HandlerCase = {
  contract: SCAN_VERDICT,
  build: (stack) => scanFunction(stack, 'Verdict'),
  play: async (stage) => {
    const { environment } = stage.deployed;
    const [quarantine, records] = [environment[SCAN_VERDICT_ENV.QUARANTINE_BUCKET], environment[SCAN_VERDICT_ENV.RECORDS_BUCKET]];
    for (const bucket of [quarantine, records]) await makeBucket(stage, bucket);
    const publicKey = await makeKey(stage, environment[SCAN_VERDICT_ENV.KEY_ARN]);
    const reported = async (status?: string): Promise<string> => {
      const { objects } = await upload(stage, quarantine, { 'model.pkl': 'weights' }, status);
      const id = uploadId(quarantine, objects);
      const report = { id, bucket: quarantine, verdict: 'SAFE' as const, reasons: [], details: [], objects: objects.map((object) => ({ ...object, size: 7, sha256: 'a'.repeat(64) })) };
      await putObjects(stage, records, [[reportKey(id), writeReport(report)]]);
      return id;
    };
    const [clean, infected, pending] = [await reported(SCAN_STATUS_CLEAN), await reported('THREATS_FOUND'), await reported()];

    const unknown = await stage.invoke({ id: '0'.repeat(64) });
    stage.check('what nobody scanned gets no verdict', unknown.errorType === 'UploadError.REPORT_INVALID', unknown);
    const untold = await stage.invoke({ id: pending });
    stage.check('nor what the malware scan has not spoken of', untold.errorType === 'UploadError.MALWARE_PENDING', untold);
    const denied = await stage.invoke({ id: clean }, { Sign: { status: 400, code: 'AccessDeniedException' } });
    stage.check('a refused signature fails the function', denied.errorType === 'SigningError', denied);
    stage.check('and leaves no verdict', (await keysBelow(stage, records, 'verdicts/')).length === 0);

    const signed = await stage.invoke({ id: clean });
    stage.check('what both found clean is CLEAN', (signed.result as UploadOutcome | undefined)?.verdict === 'CLEAN', signed);
    const verdict = readVerdict(await bytesOf(stage, records, verdictKey(clean)), publicKey);
    stage.check('it verifies with the public key of KMS', verdict.verdict === 'CLEAN' && verdict.bucket === quarantine, verdict);
    const before = stage.calls.length;
    await stage.invoke({ id: clean });
    stage.check('a second run signs nothing', stage.calls.slice(before).every(({ operation }) => operation !== 'Sign' && operation !== 'PutObject'), stage.calls.slice(before));
    const refused = await stage.invoke({ id: infected });
    stage.check('malware is REFUSED', (refused.result as UploadOutcome | undefined)?.reasons.join() === 'MALWARE_FOUND', refused);
  },
};
