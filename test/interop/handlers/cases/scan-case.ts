import { SCAN, SCAN_ENV } from '../../../../lib/models/scan.contract';
import type { ScannedUpload } from '../../../../lib/models/scan/scan-upload';
import { readReport } from '../../../../lib/models/scan/upload-report';
import { EVIL_PICKLE, SAFE_PICKLE } from '../../../models/scan/scan-world';
import type { HandlerCase } from '../handler-case';
import { bytesOf, keysBelow, makeBucket } from './gate-stage';
import { scanFunction, upload } from './scan-stage';

/** Files are read by version before the malware scan has spoken, judged, and reported on once; what cannot be read is no report. */
export const SCAN_CASE: HandlerCase = {
  contract: SCAN,
  build: (stack) => scanFunction(stack, 'Artifacts'),
  play: async (stage) => {
    const [quarantine, records] = [stage.deployed.environment[SCAN_ENV.QUARANTINE_BUCKET], stage.deployed.environment[SCAN_ENV.RECORDS_BUCKET]];
    for (const bucket of [quarantine, records]) await makeBucket(stage, bucket);
    const { reference } = await upload(stage, quarantine, { 'model.pkl': SAFE_PICKLE, 'sub/config ü.json': '{"a": 1}', 'empty.txt': '' });

    const unread = await stage.invoke(reference, { HeadObject: { status: 403, code: 'AccessDenied' } });
    stage.check('files that may not be read fail the function', unread.errorType !== undefined, unread);
    stage.check('and leave no report', (await keysBelow(stage, records, '')).length === 0);

    const first = await stage.invoke(reference);
    const scanned = first.result as ScannedUpload | undefined;
    stage.check('a safe upload is SAFE', scanned?.verdict === 'SAFE' && scanned.model === 'fraud', first);
    const report = readReport(await bytesOf(stage, records, `reports/${scanned?.id}.json`));
    stage.check('its report names every content', report.objects.length === 3 && report.objects.every(({ sha256 }) => sha256 !== undefined), report);
    const before = stage.calls.length;
    const second = await stage.invoke(reference);
    stage.check('a second run reads manifest and report alone', JSON.stringify(second) === JSON.stringify(first) && stage.calls.length === before + 2, stage.calls.slice(before));

    const evil = await stage.invoke((await upload(stage, quarantine, { 'model.pkl': EVIL_PICKLE })).reference);
    stage.check('a dangerous upload is DANGEROUS', (evil.result as ScannedUpload | undefined)?.verdict === 'DANGEROUS', evil);
    const hostile = await stage.invoke({ ...reference, versionId: 'null' });
    stage.check('a hostile event fails the function', hostile.errorType === 'UploadError.INVALID_EVENT', hostile);
  },
};
