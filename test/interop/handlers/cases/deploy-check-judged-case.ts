import { createHash } from 'node:crypto';
import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { GetPublicKeyCommand, SignCommand } from '@aws-sdk/client-kms';
import { DEPLOY_CHECK_ENV, DEPLOY_CHECK_JUDGED } from '../../../../lib/models/deploy-check.contract';
import { KmsSigner } from '../../../../lib/models/ports/kms-signer';
import { type ScanVerdict, writeVerdict } from '../../../../lib/models/scan/scan-verdict';
import { signModel } from '../../../../lib/models/signing/sign-model';
import { signStatement } from '../../../../lib/models/signing/sign-statement';
import { MemoryArtifactStore } from '../../../models/signing/memory-artifact-store';
import { newTestKey } from '../../../models/signing/test-key';
import type { HandlerCase, Stage } from '../handler-case';
import { AnswerServer, approve, deployCheckIn, makeGateKey } from './deploy-check-case';
import { makeBucket, putObjects } from './gate-stage';
import { makeKey } from './scan-stage';

const FILES: readonly [string, string][] = [['config.json', '{}'], ['weights ü.bin', 'weights']];

/** With a scanner, an approved model that was signed after its promotion needs the scanner's signed verdict on its very files. */
export const DEPLOY_CHECK_JUDGED_CASE: HandlerCase = {
  contract: DEPLOY_CHECK_JUDGED,
  build: (stack) => deployCheckIn(stack, true).function,
  play: (stage) => AnswerServer.during((cloudFormation) => playVerdicts(stage, cloudFormation)),
};

async function playVerdicts(stage: Stage, cloudFormation: AnswerServer): Promise<void> {
  const { environment } = stage.deployed;
  const [served, records, gate, scannerKey] = ['SERVED_BUCKET', 'RECORDS_BUCKET', 'GATE_ARN', 'SCANNER_KEY_ARN'].map((name) => environment[DEPLOY_CHECK_ENV[name as keyof typeof DEPLOY_CHECK_ENV]]);
  for (const bucket of [served, records]) await makeBucket(stage, bucket);
  await makeGateKey(stage);
  await makeKey(stage, scannerKey);
  const sums = FILES.map(([name, content]) => ({ name, sha256: createHash('sha256').update(content).digest('hex') }));
  const manifest = sums.map(({ name, sha256 }) => `${sha256}  ${name}\n`).join('');
  const place = `models/fraud/sha256-${createHash('sha256').update(manifest).digest('hex')}`;
  const put = (Key: string, content: string | Buffer) => stage.s3.send(new PutObjectCommand({ Bucket: served, Key, Body: Buffer.from(content), ChecksumAlgorithm: 'SHA256' }));
  for (const [name, content] of FILES) await put(`${place}/${name}`, content);
  await put(`${place}.manifest`, manifest);
  const { bundle, rootDigest } = await signModel(new MemoryArtifactStore(FILES), newTestKey().signer);
  await put(`${place}/model.sig`, bundle);
  await approve(stage, { records, gate, prefix: `${place}/`, rootDigest, resourceUri: `s3://${served}/${place}/` });

  const scanner = new KmsSigner({
    getPublicKey: (request) => stage.kms.send(new GetPublicKeyCommand(request)), sign: (request) => stage.kms.send(new SignCommand(request)),
  }, scannerKey);
  const verdict: ScanVerdict = {
    id: 'e'.repeat(64), bucket: 'quarantine', verdict: 'CLEAN', reasons: [], judgedAt: new Date(),
    objects: sums.map((file) => ({ ...file, key: `uploads/${file.name}`, versionId: 'v1', size: 1 })),
  };
  const ask = (failures = {}) => cloudFormation.ask(stage, { ResourceProperties: { Prefix: `${place}/` } }, failures);
  /** Each key is written once: the one before goes with its version. */
  const judge = async (payload: Buffer, signer: Parameters<typeof signStatement>[1]) => {
    const { VersionId } = await put(`${place}.verdict`, await signStatement(payload, signer));
    return { judged: await ask(), forget: () => stage.s3.send(new DeleteObjectCommand({ Bucket: served, Key: `${place}.verdict`, VersionId })) };
  };

  const unjudged = await ask();
  stage.check('an approved model without a verdict is refused', unjudged?.Reason.startsWith('VERDICT_MISSING: ') === true, unjudged);
  stage.check('with a finding', stage.calls.at(-1)?.operation === 'PutEvents', stage.calls.at(-1));
  for (const [what, code, payload, signer] of [
    ['a verdict of another key', 'VERDICT_INVALID', writeVerdict(verdict), newTestKey().signer],
    ['a signed refusal', 'VERDICT_NOT_CLEAN', writeVerdict({ ...verdict, verdict: 'REFUSED', reasons: ['MALWARE_FOUND'] }), scanner],
    ['a verdict on one of the files', 'VERDICT_INVALID', writeVerdict({ ...verdict, objects: verdict.objects.slice(1) }), scanner],
  ] as const) {
    const { judged, forget } = await judge(payload, signer);
    stage.check(`${what} is no verdict on it`, judged?.Status === 'FAILED' && judged.Reason.startsWith(`${code}: `), judged);
    await forget();
  }
  const { judged: good } = await judge(writeVerdict(verdict), scanner);
  stage.check('a clean verdict on its files lets it through', good?.Status === 'SUCCESS' && good.PhysicalResourceId === `${place}/`, good);
  const keyless = await ask({ GetPublicKey: { status: 400, code: 'AccessDeniedException' } });
  stage.check('without the scanner\'s key nothing is believed', keyless?.Reason === 'NOT_READABLE: GetPublicKey failed: AccessDeniedException', keyless);
  const read = stage.calls.filter(({ operation }) => operation === 'GetObject').map(({ parameters }) => String(parameters.Key));
  stage.check('its weights are not read', !read.some((key) => key.endsWith('.bin')), read);
  await putObjects(stage, served, [[`${place}.verdict`, 'again']]);
  const rewritten = await ask();
  stage.check('a verdict that was written again is seen', rewritten?.Reason.startsWith('OBJECT_REWRITTEN: ') === true, rewritten);
}
