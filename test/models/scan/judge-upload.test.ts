import { beforeEach, describe, expect, test } from 'vitest';
import { promoteModel } from '../../../lib/models/promote/promote-model';
import { toPromotionRequest } from '../../../lib/models/promote/promotion-request';
import { readVerdict, verdictKey, writeVerdict } from '../../../lib/models/scan/scan-verdict';
import { toUploadReference } from '../../../lib/models/scan/upload';
import { chainFinding } from '../../../lib/models/scan/chain-finding';
import { reportKey } from '../../../lib/models/scan/upload-report';
import { signStatement } from '../../../lib/models/signing/sign-statement';
import { verifyStatement } from '../../../lib/models/signing/verify-statement';
import { newTestKey } from '../signing/test-key';
import { BUCKET, EVIL_PICKLE, FOLDER, JUDGED_AT, MemoryServed, SAFE_PICKLE, ScanWorld } from './scan-world';

let world: ScanWorld;
beforeEach(() => {
  world = new ScanWorld();
});

const scanned = async (files: Record<string, Buffer | string> = { 'model.pkl': SAFE_PICKLE }) => (await world.scan(world.upload(files))).id;
const verdictOf = (id: string) => readVerdict(world.records.files.get(verdictKey(id))!, world.key.publicKey);
const requestOf = (versionId = 'v1', name = 'model.pkl') => toPromotionRequest({ model: 'fraud', objects: [{ name, key: `${FOLDER}model.pkl`, versionId }] });

describe('a verdict', () => {
  test('is clean when the malware scan and the artifact scan are, and names bucket, keys, versions and contents', async () => {
    const id = await scanned();
    expect(await world.judge(id)).toEqual({ id, verdict: 'CLEAN', reasons: [], signed: true });
    expect(verdictOf(id)).toMatchObject({
      id, bucket: BUCKET, verdict: 'CLEAN', reasons: [], judgedAt: JUDGED_AT,
      objects: [{ name: 'model.pkl', key: `${FOLDER}model.pkl`, versionId: 'v1', size: 5, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) }],
    });
    const { payload } = verifyStatement(world.records.files.get(verdictKey(id))!, { trust: { publicKey: world.key.publicKey } });
    expect(JSON.parse(payload.toString())).toMatchObject({ _type: 'https://in-toto.io/Statement/v1', subject: [{ name: 'model.pkl' }] });
  });

  test.each<[string, string]>([
    ['THREATS_FOUND', 'MALWARE_FOUND'], ['UNSUPPORTED', 'MALWARE_NOT_EXCLUDED'], ['ACCESS_DENIED', 'MALWARE_NOT_EXCLUDED'],
    ['FAILED', 'MALWARE_NOT_EXCLUDED'], ['no_threats_found', 'MALWARE_NOT_EXCLUDED'],
  ])('of a version with the status %s is a signed refusal', async (status, reason) => {
    const id = await scanned({ 'config.json': '{}', 'model.pkl': SAFE_PICKLE });
    world.tag(`${FOLDER}model.pkl`, status);
    expect(await world.judge(id)).toEqual({ id, verdict: 'REFUSED', reasons: [reason], signed: true });
    expect(verdictOf(id)).toMatchObject({ verdict: 'REFUSED', reasons: [reason] });
  });

  test('of dangerous files is a refusal that names no contents, so it is not signed', async () => {
    const id = await scanned({ 'model.pkl': EVIL_PICKLE });
    expect(await world.judge(id)).toMatchObject({ verdict: 'REFUSED', reasons: expect.arrayContaining(['ARTIFACTS_DANGEROUS', 'PICKLE_DENIED_GLOBAL']), signed: false });
    expect(world.records.files.has(verdictKey(id))).toBe(false);
  });

  test('does not come while the malware scan has said nothing of one file', async () => {
    const id = await scanned({ 'config.json': '{}', 'model.pkl': SAFE_PICKLE });
    world.tag(`${FOLDER}config.json`, undefined);
    await expect(world.judge(id)).rejects.toMatchObject({ name: 'UploadError.MALWARE_PENDING' });
    expect(world.records.files.has(verdictKey(id))).toBe(false);
  });

  test('is signed once: a second run signs nothing, and nothing gets better by it', async () => {
    const id = await scanned();
    world.tag(`${FOLDER}model.pkl`, 'FAILED');
    await world.judge(id);
    const first = world.records.files.get(verdictKey(id));
    world.tag(`${FOLDER}model.pkl`, 'NO_THREATS_FOUND');
    await world.judge(id);
    expect(world.records.files.get(verdictKey(id))).toBe(first);
    await expect(world.verdicts.cleanUpload(id)).rejects.toMatchObject({ code: 'NOT_CLEAN' });
  });

  test.each<[string, (text: string) => string]>([
    ['about another bucket', (text) => text.replace('"bucket":"quarantine"', '"bucket":"other"')],
    ['about another id', (text) => text.replace(/"id":"\w+"/, `"id":"${'0'.repeat(64)}"`)],
    ['without objects', (text) => text.replace(/"objects":\[.*\]/, '"objects":[]')],
    ['that is safe and names not all contents', (text) => text.replace(/,"sha256":"\w+"/, '')],
    ['of another schema', (text) => text.replace('upload-report/v1', 'upload-report/v2')],
    ['with an unknown verdict', (text) => text.replace('"SAFE"', '"FINE"')],
    ['with an unknown field', (text) => text.replace('{', '{"override":true,')],
    ['that is no JSON', () => '{'],
  ])('is not made of a report %s', async (_, change) => {
    const id = await scanned();
    world.records.files.set(reportKey(id), Buffer.from(change(world.records.files.get(reportKey(id))!.toString())));
    await expect(world.judge(id)).rejects.toMatchObject({ code: 'REPORT_INVALID' });
    expect(world.records.files.has(verdictKey(id))).toBe(false);
  });

  test.each(['', '../verdicts/x', 'constructor', '0'.repeat(64)])('is not made of %j, which is no report', async (id) => {
    await expect(world.judge(id)).rejects.toThrow(/id must be|there is no report/);
  });
});

describe('the promoter', () => {
  const promote = (request = requestOf()) => {
    const served = new MemoryServed();
    return { served, done: promoteModel(request, world, served, world.verdicts) };
  };

  test('promotes what has a clean verdict, by the files or by the id of the verdict', async () => {
    const id = await scanned();
    await world.judge(id);
    const { done, served } = promote();
    const { manifest } = await done;
    expect(served.keys).toEqual([expect.stringMatching(/model\.pkl$/), manifest.replace(/manifest$/, 'verdict'), manifest]);
    expect(await world.verdicts.cleanUpload(id)).toMatchObject([{ name: 'model.pkl', versionId: 'v1' }]);
  });

  test('needs no verdict where there is no scanner: the tag alone decides there', async () => {
    await scanned();
    const served = new MemoryServed();
    await promoteModel(requestOf(), world, served);
    expect(served.keys).toHaveLength(2);
  });

  test.each<[string, string, () => Promise<Parameters<typeof promoteModel>[0] | undefined>]>([
    ['a version that nobody judged', 'NO_VERDICT', async () => {
      await world.judge(await scanned());
      return requestOf(world.put(`${FOLDER}model.pkl`, EVIL_PICKLE).versionId);
    }],
    ['a file under another name', 'NO_VERDICT', async () => {
      await world.judge(await scanned());
      return requestOf('v1', 'model.txt');
    }],
    ['what was only scanned', 'NO_VERDICT', async () => {
      await scanned();
      return undefined;
    }],
    ['what was refused', 'NOT_CLEAN', async () => {
      const id = await scanned();
      world.tag(`${FOLDER}model.pkl`, 'UNSUPPORTED');
      await world.judge(id);
      world.tag(`${FOLDER}model.pkl`, 'NO_THREATS_FOUND');
      return undefined;
    }],
    ['what the malware scan calls infected since', 'NOT_CLEAN', async () => {
      await world.judge(await scanned());
      world.tag(`${FOLDER}model.pkl`, 'THREATS_FOUND');
      return undefined;
    }],
    ['a verdict that was moved from other versions', 'VERDICT_INVALID', async () => {
      const first = await scanned();
      await world.judge(first);
      const second = await scanned({ 'model.pkl': EVIL_PICKLE });
      world.records.files.set(verdictKey(second), world.records.files.get(verdictKey(first))!);
      return requestOf('v3');
    }],
    ['a verdict of another key', 'VERDICT_INVALID', async () => {
      const id = await scanned();
      await world.judge(id);
      world.records.files.set(verdictKey(id), await signStatement(writeVerdict(verdictOf(id)), newTestKey().signer));
      return undefined;
    }],
    ['a verdict on other contents of the same versions', 'VERDICT_INVALID', async () => {
      const id = await scanned();
      await world.judge(id);
      const verdict = verdictOf(id);
      const objects = verdict.objects.map((object) => ({ ...object, sha256: 'a'.repeat(64) }));
      world.records.files.set(verdictKey(id), await signStatement(writeVerdict({ ...verdict, objects }), world.key.signer));
      return undefined;
    }],
    ['a verdict of another bucket', 'VERDICT_INVALID', async () => {
      const id = await scanned();
      await world.judge(id);
      world.records.files.set(verdictKey(id), await signStatement(writeVerdict({ ...verdictOf(id), bucket: 'other' }), world.key.signer));
      return undefined;
    }],
    ['a changed payload', 'VERDICT_INVALID', async () => {
      const id = await scanned();
      world.tag(`${FOLDER}model.pkl`, 'UNSUPPORTED');
      await world.judge(id);
      const bundle = JSON.parse(world.records.files.get(verdictKey(id))!.toString()) as { dsseEnvelope: { payload: string } };
      const payload = Buffer.from(bundle.dsseEnvelope.payload, 'base64').toString().replace('REFUSED', 'CLEAN');
      bundle.dsseEnvelope.payload = Buffer.from(payload).toString('base64');
      world.records.files.set(verdictKey(id), Buffer.from(JSON.stringify(bundle)));
      world.tag(`${FOLDER}model.pkl`, 'NO_THREATS_FOUND');
      return undefined;
    }],
    ['something that is no bundle', 'VERDICT_INVALID', async () => {
      world.records.files.set(verdictKey(await scanned()), Buffer.from('CLEAN'));
      return undefined;
    }],
  ])('refuses %s as %s, and serves nothing', async (_, code, prepare) => {
    const { done, served } = promote(await prepare());
    await expect(done).rejects.toMatchObject({ code });
    expect(served.keys).toEqual([]);
  });

  test('a statement whose subjects are not its objects is no verdict', async () => {
    const id = await scanned();
    await world.judge(id);
    const text = writeVerdict(verdictOf(id)).toString().replace(/"sha256": "\w+"/, `"sha256": "${'b'.repeat(64)}"`);
    const bundle = await signStatement(Buffer.from(text), world.key.signer);
    expect(() => readVerdict(bundle, world.key.publicKey)).toThrow('the subjects of the verdict are not its objects');
  });

  test.each(['../reports/x', '', 'toString'])('takes no id %j for a verdict', async (id) => {
    await expect(world.verdicts.cleanUpload(id)).rejects.toMatchObject({ code: 'NO_VERDICT' });
  });
});

describe('what comes from outside', () => {
  test.each<[unknown]>([
    [null], ['x'], [[]], [{}], [{ key: 'a' }], [{ key: '', versionId: 'v1' }], [{ key: 'a', versionId: 'null' }], [{ key: 'a', versionId: 'v 1' }],
    [{ key: 'a', versionId: 'v1', verdict: 'CLEAN' }], [{ key: 'a'.repeat(1025), versionId: 'v1' }], [JSON.parse('{"key":"a","versionId":"v1","__proto__":1}')],
  ])('an event %j names no upload', (event) => {
    expect(() => toUploadReference(event)).toThrow(expect.objectContaining({ code: 'INVALID_EVENT' }) as Error);
  });

  test('a finding names the execution, the codes and nothing else; an attack is worse than an accident', () => {
    const event = { about: 'upload' as const, reasons: ['MALWARE_FOUND'], execution: 'arn:aws:states:eu-central-1:111111111111:execution:Scan-x:1a2b', startedAt: '2026-06-10T12:00:00.000Z' };
    expect(chainFinding(event, 1)).toMatchObject({
      severity_id: 4, disposition_id: 2, finding_info: { types: ['MALWARE_FOUND'] }, resources: [{ uid: event.execution }], remediation: { desc: 'see docs/runbook.md#refused-upload' },
    });
    expect(chainFinding({ ...event, reasons: ['UPLOAD_INVALID'] }, 1)).toMatchObject({ severity_id: 3 });
    expect(() => chainFinding({ ...event, reasons: ['no code of ours'] }, 1)).toThrow('is no id');
    expect(() => chainFinding({ ...event, about: '__proto__' as never }, 1)).toThrow('must be upload or signature');
    expect(chainFinding({ ...event, about: 'signature', reasons: ['NOT_SIGNED'] }, 1)).toMatchObject({ severity_id: 3, remediation: { desc: 'see docs/runbook.md#unsigned-model' } });
  });
});
