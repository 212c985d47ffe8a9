import type { GetObjectCommand } from '@aws-sdk/client-s3';
import { S3Client } from '@aws-sdk/client-s3';
import { KMSClient } from '@aws-sdk/client-kms';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { GATE_CHECK, type GateCheckEvent } from '../../lib/models/gate-check.contract';
import { handler as check } from '../../lib/models/gate-check.lambda';
import { GATE_DESK } from '../../lib/models/gate-desk.contract';
import { handler as desk } from '../../lib/models/gate-desk.lambda';
import { GATE_SIGN } from '../../lib/models/gate-sign.contract';
import { handler as signer } from '../../lib/models/gate-sign.lambda';
import type { StageOutcome } from '../../lib/models/gate/gate-stage';
import { TrustStore } from '../../lib/models/signing/trust-store';
import { verifyVerificationSummary } from '../../lib/models/signing/verification-summary';
import { policyDocument, resultOf } from './gate/evidence';
import { signDigest } from './ports/sign-digest';
import { GateWorld, GROUP, KMS_KEY, PACKAGE, person, PREFIX } from './gate/gate-world';
import { writeResultStatement } from '../../lib/models/gate/signed-result';
import { signStatement } from '../../lib/models/signing/sign-statement';

type Input = Record<string, string>;

let world: GateWorld;
let calls: Set<string>;
/** What KMS makes of a digest. */
let signature: (digest: Uint8Array) => Uint8Array;

/** S3 over the records and the served model of a world. */
function s3Answers(name: string, input: Input): unknown {
  const { files } = world.records;
  const served = new Map(world.files.map(([file, content]) => [`${PREFIX}${file}`, Buffer.from(content)]));
  switch (name) {
    case 'GetObject': {
      const content = input.Bucket === 'served' ? served.get(input.Key) : files.get(input.Key);
      if (!content) throw Object.assign(new Error('no such key'), { name: 'NoSuchKey' });
      if (input.Bucket === 'records') return { ContentLength: content.length, Body: { transformToByteArray: () => Promise.resolve(content) } };
      const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(input.Range)!.map(Number);
      return { ContentRange: `bytes ${start}-${end}/${content.length}`, Body: Readable.from([content.subarray(start, end + 1)]) };
    }
    case 'PutObject':
      if (files.has(input.Key)) throw Object.assign(new Error('exists'), { $metadata: { httpStatusCode: 412 } });
      expect(input.IfNoneMatch).toBe('*');
      files.set(input.Key, Buffer.from(input.Body));
      return {};
    case 'ListObjectsV2': return { Contents: [...files.keys()].filter((key) => key.startsWith(input.Prefix)).map((Key) => ({ Key })) };
    case 'ListObjectVersions': return {
      Versions: [...served].map(([Key, content]) => ({ Key: encodeURIComponent(Key), Size: content.length, VersionId: 'v1', ETag: '"e"', IsLatest: true })),
    };
    default: throw new Error(`${name} is not expected`);
  }
}

beforeEach(async () => {
  world = await GateWorld.create();
  calls = new Set();
  signature = (digest) => signDigest(digest, world.key.privateKey);
  for (const [name, value] of Object.entries({
    RECORDS_BUCKET: 'records', SERVED_BUCKET: 'served', KEY_ARN: 'arn:key',
    APPROVER_ROLES: 'arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Approver_0123456789abcdef',
  })) vi.stubEnv(name, value);
  vi.spyOn(console, 'log').mockImplementation(() => undefined);
  vi.spyOn(S3Client.prototype, 'send').mockImplementation(((command: GetObjectCommand) => {
    const name = command.constructor.name.replace(/Command$/, '');
    calls.add(name);
    return Promise.resolve().then(() => s3Answers(name, command.input as unknown as Input));
  }) as never);
  vi.spyOn(KMSClient.prototype, 'send').mockImplementation(((command: { constructor: { name: string }; input: { Message: Uint8Array; MessageType?: string } }) => {
    const name = command.constructor.name.replace(/Command$/, '');
    calls.add(name);
    const der = Buffer.from(world.key.publicKey.replace(/-----[A-Z ]+-----|\s/g, ''), 'base64');
    if (name === 'GetPublicKey') return Promise.resolve({ KeyUsage: 'SIGN_VERIFY', PublicKey: der });
    expect(command.input.MessageType).toBe('DIGEST');
    return Promise.resolve({ Signature: signature(command.input.Message) });
  }) as never);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

const call = (userArn: string | undefined, body: unknown) => desk({
  ...(userArn === undefined ? {} : { requestContext: { authorizer: { iam: { userArn } } } }), body: typeof body === 'string' ? body : JSON.stringify(body),
});
const checkEvent = (key: string, more: Partial<GateCheckEvent> = {}): GateCheckEvent => {
  const trust = TrustStore.EMPTY.add(world.key.publicKey, new Date('2026-01-01T00:00:00Z')).toBytes().toString();
  const policy = policyDocument({ maxAgeDays: 3650 }).toString();
  return { key, policy, modelTrust: trust, evidenceTrust: trust, group: GROUP, kmsKeyArn: KMS_KEY, approvalHours: 72, ...more };
};

/** Evidence that is fresh by the clock of this machine. */
async function freshEvidence(): Promise<void> {
  const [key] = [...world.records.files.keys()].filter((one) => one.endsWith('holdout.json'));
  const root = key.split('/')[1];
  const statement = writeResultStatement({ name: 'fraud', digest: { sha256: root } }, resultOf({ measuredAt: new Date(Date.now() - 60_000) }));
  world.records.files.set(key, await signStatement(statement, world.key.signer));
}

async function requested(): Promise<string> {
  const { body } = await call(person('bob', 'Pipelines'), { action: 'request', modelPackageArn: PACKAGE, prefix: PREFIX });
  return (JSON.parse(body) as { approval: string }).approval;
}

async function approved(): Promise<StageOutcome> {
  await freshEvidence();
  const approval = await requested();
  await check(checkEvent(`requests/${approval}.json`, { package: world.described }));
  const { token } = JSON.parse((await call(person('carol'), { action: 'review', approval })).body) as { token: string };
  expect(await call(person('carol'), { action: 'decide', approval, token, decision: 'approve' })).toMatchObject({ statusCode: 200 });
  return await check(checkEvent(`decisions/${approval}.json`, { package: world.described })) as StageOutcome;
}

describe('from request to summary', () => {
  test('the three functions take a model through the gate, over S3 and KMS', async () => {
    const approval = await requested();
    expect(await check(checkEvent(`requests/${approval}.json`))).toEqual({ id: approval, modelPackageArn: PACKAGE, prefix: PREFIX });
    const outcome = await approved();
    expect(outcome).toMatchObject({ next: 'APPROVE', findings: [] });
  });

  test('what KMS did not sign as asked is not kept', async () => {
    const outcome = await approved();
    signature = () => Buffer.from('not a signature');
    await expect(signer({ outcome, gate: 'arn:aws:states:eu-central-1:111122223333:stateMachine:gate' })).rejects.toMatchObject({ code: 'SIGNER_FAILED' });
    expect(await world.records.keys('summaries/')).toEqual([]);
  });

  test('a summary verifies for this model, gate and policy', async () => {
    const outcome = await approved();
    const gate = 'arn:aws:states:eu-central-1:111122223333:stateMachine:gate';
    const { summary } = await signer({ outcome, gate });
    const bundle = world.records.files.get(String(summary))!;
    const trust = { publicKey: world.key.publicKey };
    const options = { trust, subjectDigest: String(outcome.rootDigest), verifierId: gate, policyDigest: outcome.policy.sha256 };
    expect(verifyVerificationSummary(bundle, options)).toMatchObject({ result: 'PASSED', resourceUri: `s3://served/${PREFIX}` });
    expect(await signer({ outcome, gate })).toEqual({ summary });
  });

  test('nothing is signed as approved that nobody approved, and nothing at all without a digest', async () => {
    await freshEvidence();
    const approval = await requested();
    const outcome = await check(checkEvent(`requests/${approval}.json`, { package: world.described })) as StageOutcome;
    await expect(signer({ outcome: { ...outcome, next: 'APPROVE' }, gate: 'arn:gate' })).rejects.toMatchObject({ code: 'APPROVAL_UNKNOWN' });
    expect(await signer({ outcome: { ...outcome, next: 'REJECT', rootDigest: null }, gate: 'arn:gate' })).toEqual({ summary: null });
    expect(calls).not.toContain('Sign');
  });

  test('each function makes the calls that its contract declares, and no others', async () => {
    const outcome = await approved();
    await call(person('carol'), { action: 'list' });
    await signer({ outcome, gate: 'arn:gate' });
    const declared = new Set([GATE_CHECK, GATE_DESK, GATE_SIGN].flatMap((contract) => contract.calls.map(({ operation }) => operation)));
    expect([...calls].sort()).toEqual([...declared].sort());
  });
});

describe('the desk over its URL', () => {
  test.each([
    ['nobody', undefined, { action: 'list' }, 403, 'IDENTITY_UNKNOWN'],
    ['a body that is no JSON', person('carol'), '{', 400, 'REQUEST_INVALID'],
    ['a caller without the role', person('carol', 'Pipelines'), { action: 'review', approval: 'a'.repeat(32) }, 403, 'NOT_AN_APPROVER'],
    ['a forged header in the body', person('mallory', 'Pipelines'), { action: 'review', approval: 'a'.repeat(32), userArn: person('carol') }, 403, 'NOT_AN_APPROVER'],
  ])('refuses %s', async (_, userArn, body, statusCode, code) => {
    const answer = await call(userArn, body);
    expect([answer.statusCode, (JSON.parse(answer.body) as { code: string }).code]).toEqual([statusCode, code]);
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  test('tells nothing of an inner error, and logs no token', async () => {
    vi.spyOn(S3Client.prototype, 'send').mockImplementation((() => Promise.reject(new Error('AccessDenied: arn:aws:s3:::records'))) as never);
    await expect(call(person('carol'), { action: 'list' })).rejects.toThrow('AccessDenied');
    vi.mocked(console.log).mockClear();
  });

  test('logs who came and never a token', async () => {
    await freshEvidence();
    const approval = await requested();
    await check(checkEvent(`requests/${approval}.json`, { package: world.described }));
    const { token } = JSON.parse((await call(person('carol'), { action: 'review', approval })).body) as { token: string };
    const logged = vi.mocked(console.log).mock.calls.flat().join('\n');
    expect(logged).toContain(person('carol'));
    expect(logged).not.toContain(token);
  });
});
