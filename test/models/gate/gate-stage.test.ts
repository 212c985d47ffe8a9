import { beforeEach, describe, expect, test } from 'vitest';
import { assertApproved } from '../../../lib/models/gate/assert-approved';
import type { StageOutcome } from '../../../lib/models/gate/gate-stage';
import { policyOf } from './evidence';
import { AUTHOR, GateWorld, KMS_KEY, PACKAGE, person, PREFIX } from './gate-world';

let world: GateWorld;
beforeEach(async () => { world = await GateWorld.create(); });

const request = async () => {
  const { approval } = await world.desk(person('bob', 'Pipelines'), { action: 'request', modelPackageArn: PACKAGE, prefix: PREFIX });
  return `requests/${String(approval)}.json`;
};
const decided = async (decision = 'approve') => {
  const approval = await world.pending();
  await world.desk(person('carol'), { action: 'decide', approval, token: await world.token(approval), decision });
  return approval;
};
const container = (change: object) => ({ InferenceSpecification: { Containers: [{ ...world.described.InferenceSpecification?.Containers?.[0], ...change }] } });

describe('a request', () => {
  test('that satisfies the policy waits for a person, who is told the author as SageMaker knows them', async () => {
    const key = await request();
    expect(await world.stage(key)).toMatchObject({ next: 'AWAIT_PERSON', findings: [], modelPackageArn: PACKAGE });
    const pending = JSON.parse(world.records.files.get(key.replace('requests', 'pending'))!.toString()) as { author: { arn: string; keys: string[] } };
    expect(pending.author).toEqual({ arn: AUTHOR, keys: ['role:111122223333:trainingpipeline', 'name:run-7', 'name:alice'] });
  });

  test('that comes twice waits once', async () => {
    const key = await request();
    const [first, second] = [await world.stage(key), await world.stage(key)];
    expect([first.next, second.next, (await world.records.keys('pending/')).length]).toEqual(['AWAIT_PERSON', 'AWAIT_PERSON', 1]);
  });

  test('whose model was changed in the store is rejected', async () => {
    const key = await request();
    world.files = [['config.json', '{"layers": 4}'], world.files[1]];
    expect(await world.stage(key)).toMatchObject({ next: 'REJECT', rootDigest: null, findings: [{ code: 'SIGNATURE_REFUSED' }, { code: 'SCAN_NOT_SAFE' }] });
  });

  test.each([['.git/hooks/loader.py', 'custom leaves it out of signatures'], ['loader.py', 'it is not signed']])('with %s beside the model is rejected: %s', async (name) => {
    const key = await request();
    world.files = [...world.files, [name, 'import os']];
    expect(await world.stage(key)).toMatchObject({ next: 'REJECT', findings: [{ code: 'SIGNATURE_REFUSED' }, { code: 'SCAN_NOT_SAFE' }] });
  });

  test('without a signature, or with evidence that nobody trusted signed, is rejected', async () => {
    const key = await request();
    const [root] = [...(await world.records.keys('evidence/'))].map((one) => one.split('/')[1]);
    await world.records.writeOnce(`evidence/${root}/forged.json`, '{}');
    expect((await world.stage(key)).findings.map(({ code }) => code)).toEqual(['RESULT_UNSIGNED']);
    world.files = world.files.slice(0, 1);
    expect(await world.stage(key)).toMatchObject({ next: 'REJECT', findings: [{ code: 'SIGNATURE_MISSING' }, { code: 'SCAN_NOT_SAFE' }] });
  });

  test('with a thousand files of evidence is an answer that a state machine carries, whoever made them', async () => {
    const key = await request();
    const [root] = [...(await world.records.keys('evidence/'))].map((one) => one.split('/')[1]);
    for (let at = 0; at < 990; at += 1) await world.records.writeOnce(`evidence/${root}/${'x'.repeat(900)}${at}.json`, JSON.stringify({ ['y'.repeat(5_000)]: at }));
    const outcome = await world.stage(key);
    expect(outcome.next).toBe('REJECT');
    // The limit of Step Functions, of which other states need a part.
    expect(Buffer.byteLength(JSON.stringify(outcome))).toBeLessThan(256 * 1024 / 2);
  });

  test.each<[string, () => object]>([
    ['another version', () => ({ ModelPackageArn: PACKAGE.replace('/3', '/4') })],
    ['another group', () => ({ ModelPackageGroupName: 'other' })],
    ['a version that is approved already, whose approval a request must not take back', () => ({ ModelApprovalStatus: 'Approved' })],
    ['a version that is not complete', () => ({ ModelPackageStatus: 'InProgress' })],
    ['another key', () => ({ SecurityConfig: { KmsKeyId: `${KMS_KEY}2` } })],
    ['no key', () => ({ SecurityConfig: undefined })],
    ['no container', () => ({ InferenceSpecification: undefined })],
    ['another model', () => container({ ModelDataSource: { S3DataSource: { S3Uri: 's3://served/models/other/', CompressionType: 'None' } } })],
    ['a compressed model, which is not what was scanned', () => container({ ModelDataSource: { S3DataSource: { S3Uri: `s3://served/${PREFIX}`, CompressionType: 'Gzip' } } })],
    ['a second place to load from', () => container({ AdditionalS3DataSource: { S3Uri: 's3://x/' } })],
    ['an older address beside', () => container({ ModelDataUrl: 's3://x/model.tar.gz' })],
    ['an image by tag', () => container({ Image: 'repository:latest' })],
    ['a second specification that loads something else', () => ({ AdditionalInferenceSpecifications: [{ Containers: [{ Image: 'x' }] }] })],
  ])('for a package that is %s is refused, and nothing is done to it', async (_, change) => {
    const key = await request();
    world.described = { ...world.described, ...change() };
    expect(await world.stage(key)).toMatchObject({ next: 'REFUSE', findings: expect.arrayContaining([expect.objectContaining({ code: 'PACKAGE_MISMATCH' })]) as unknown });
    expect(await world.records.keys('pending/')).toEqual([]);
  });

  test('for a package of nobody that can be told is an error', async () => {
    const key = await request();
    world.described = { ...world.described, CreatedBy: undefined };
    await expect(world.stage(key)).rejects.toMatchObject({ code: 'IDENTITY_UNKNOWN' });
  });
});

describe('a decision', () => {
  test('to approve leads to approval, to reject to rejection', async () => {
    expect(await world.stage(`decisions/${await decided()}.json`)).toMatchObject({ next: 'APPROVE' });
    expect(await world.stage(`decisions/${await decided('reject')}.json`)).toMatchObject({ next: 'REJECT' });
  });

  test('does not help a model that fails by now', async () => {
    const id = await decided();
    world.now = new Date('2026-07-20T00:00:00Z');
    expect(await world.stage(`decisions/${id}.json`)).toMatchObject({ next: 'REJECT', findings: [{ code: 'RESULT_STALE' }, { code: 'RESULT_MISSING' }, { code: 'RESULT_MISSING' }] });
  });

  test('holds for the policy that it was made under', async () => {
    const id = await decided();
    world.policy = policyOf({ name: 'laxer' });
    await expect(world.stage(`decisions/${id}.json`)).rejects.toMatchObject({ code: 'SUBJECT_CHANGED' });
  });

  test('after the window is an error', async () => {
    const id = await decided();
    world.now = new Date(world.now.getTime() + 72 * 60 * 60_000);
    await expect(world.stage(`decisions/${id}.json`)).rejects.toMatchObject({ code: 'APPROVAL_EXPIRED' });
  });

  test('of somebody who is the author by now, or of a forged record, is an error', async () => {
    const id = await decided();
    world.described = { ...world.described, CreatedBy: { UserProfileName: 'carol', IamIdentity: { Arn: AUTHOR } } };
    await expect(world.stage(`decisions/${id}.json`)).rejects.toMatchObject({ code: 'APPROVER_IS_AUTHOR' });
    const forged = await world.pending();
    world.records.files.set(`decisions/${forged}.json`, Buffer.from(JSON.stringify({ id: forged, decision: 'approve', approver: { arn: 'x', keys: ['name:bob'] }, decidedAt: world.now })));
    world.described = { ...world.described, CreatedBy: { IamIdentity: { Arn: AUTHOR } } };
    await expect(world.stage(`decisions/${forged}.json`)).rejects.toMatchObject({ code: 'APPROVER_IS_REQUESTER' });
  });
});

test.each(['tokens/x', 'pending/x.json', '', '../requests/x', `requests/${'0'.repeat(32)}.json`])('a record %j starts nothing', async (key) => {
  await expect(world.subject(key)).rejects.toMatchObject({ code: expect.stringMatching(/^(REQUEST_INVALID|APPROVAL_UNKNOWN)$/) as string });
});

describe('what is signed as approved', () => {
  test('was approved by a person, for this digest and policy', async () => {
    const id = await decided();
    const outcome = await world.stage(`decisions/${id}.json`);
    await expect(assertApproved(outcome, world.records)).resolves.toBeUndefined();
    const refused = (change: Partial<StageOutcome>) => expect(assertApproved({ ...outcome, ...change }, world.records)).rejects;
    await refused({ rootDigest: 'f'.repeat(64) }).toMatchObject({ code: 'SUBJECT_CHANGED' });
    await refused({ policy: { ...outcome.policy, sha256: 'f'.repeat(64) } }).toMatchObject({ code: 'SUBJECT_CHANGED' });
    await refused({ id: await world.pending() }).toMatchObject({ code: 'APPROVAL_UNKNOWN' });
    await refused({ id: '../x' }).toMatchObject({ code: 'REQUEST_INVALID' });
    await refused({ id: await decided('reject') }).toMatchObject({ code: 'SUBJECT_CHANGED' });
  });
});
