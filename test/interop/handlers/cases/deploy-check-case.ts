import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as https from 'node:https';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { CompleteMultipartUploadCommand, CreateMultipartUploadCommand, PutObjectCommand, UploadPartCommand } from '@aws-sdk/client-s3';
import { Role } from 'aws-cdk-lib/aws-iam';
import type { Stack } from 'aws-cdk-lib';
import { ApprovalGate, DeployCheck, ModelArtifactBucket, ModelRegistry, ModelScanner } from '../../../../lib/models';
import { DEPLOY_CHECK, DEPLOY_CHECK_ENV } from '../../../../lib/models/deploy-check.contract';
import { GATE_LEVEL } from '../../../../lib/models/gate/gate-summary';
import { KmsSigner, type KmsSignRequest } from '../../../../lib/models/ports/kms-signer';
import { signModel } from '../../../../lib/models/signing/sign-model';
import { signStatement } from '../../../../lib/models/signing/sign-statement';
import { writeVerificationSummary } from '../../../../lib/models/signing/verification-summary';
import { NetworkSegment } from '../../../../lib/network';
import { CreateKeyCommand, GetPublicKeyCommand, SignCommand } from '@aws-sdk/client-kms';
import { newCertificate, SERVER_AUTH, toPem } from '../../../models/signing/certificate-builder';
import { MemoryArtifactStore } from '../../../models/signing/memory-artifact-store';
import { newTestKey } from '../../../models/signing/test-key';
import { GATE_POLICY, GATE_TRUST } from '../../../support/gate-settings';
import type { HandlerCase, Stage } from '../handler-case';
import { makeBucket, putObjects } from './gate-stage';

interface Answer {
  readonly Status: string;
  readonly Reason: string;
  readonly PhysicalResourceId: string;
}

/** A gate with the check beside it, over a store that may have a scanner. */
export function deployCheckIn(stack: Stack, hasScanner = false): DeployCheck {
  const store = new ModelArtifactBucket(stack, 'Models');
  const segment = new NetworkSegment(stack, 'Network');
  if (hasScanner) new ModelScanner(stack, 'Scanner', { store, segment });
  const gate = new ApprovalGate(stack, 'Gate', {
    registry: new ModelRegistry(stack, 'Registry', { groupName: 'fraud' }), store, segment, policy: GATE_POLICY, modelTrust: GATE_TRUST, evidenceTrust: GATE_TRUST,
    approvers: [Role.fromRoleArn(stack, 'Approvers', 'arn:aws:iam::111122223333:role/approvers')],
  });
  return new DeployCheck(stack, 'Check', { store, gate, segment });
}

/** An approved model passes, and what is not the approved one does not; CloudFormation gets an answer to each over a connection of its own. */
export const DEPLOY_CHECK_CASE: HandlerCase = {
  contract: DEPLOY_CHECK,
  build: (stack) => deployCheckIn(stack).function,
  play: (stage) => AnswerServer.during((cloudFormation) => playDeployments(stage, cloudFormation)),
};

async function playDeployments(stage: Stage, cloudFormation: AnswerServer): Promise<void> {
  const served = stage.deployed.environment[DEPLOY_CHECK_ENV.SERVED_BUCKET];
  const records = stage.deployed.environment[DEPLOY_CHECK_ENV.RECORDS_BUCKET];
  const gate = stage.deployed.environment[DEPLOY_CHECK_ENV.GATE_ARN];
  await makeBucket(stage, served);
  await makeBucket(stage, records);
  const { prefix, rootDigest } = await promoted(stage, served, 'good');
  const ask = (change: object = {}, failures = {}) => cloudFormation.ask(stage, { ResourceProperties: { Prefix: prefix }, ...change }, failures);

  await makeGateKey(stage);
  const early = await ask();
  stage.check('what the gate never saw is refused', early?.Status === 'FAILED' && early.Reason.startsWith('SUMMARY_MISSING: '), early);
  stage.check('with a finding', stage.calls.at(-1)?.operation === 'PutEvents', stage.calls.at(-1));
  await approve(stage, { records, gate, prefix, rootDigest, resourceUri: `s3://${served}/${prefix}` });
  const good = await ask();
  stage.check('an approved model passes', good?.Status === 'SUCCESS' && good.PhysicalResourceId === prefix, good);
  stage.check('without a finding', stage.calls.at(-1)?.operation !== 'PutEvents', stage.calls.at(-1));
  const read = stage.calls.filter(({ operation }) => operation === 'GetObject').map(({ parameters }) => String(parameters.Key));
  stage.check('its weights are not read', read.every((key) => /(\.manifest|model\.sig|\.json)$/.test(key) && !key.endsWith('config.json')), read);

  const other = await promoted(stage, served, 'other');
  await approve(stage, { records, gate, ...other, resourceUri: `s3://${served}/${prefix}` });
  const moved = await ask({ ResourceProperties: { Prefix: other.prefix } });
  stage.check('nor is one by the approval of another place', moved?.Reason.startsWith('SUMMARY_REFUSED: ') === true, moved);
  const denied = await ask({}, { GetObjectAttributes: { status: 403, code: 'AccessDenied' } });
  stage.check('what may not be looked at is refused', denied?.Reason === 'NOT_READABLE: GetObjectAttributes failed: AccessDenied', denied);
  const keyless = await ask({}, { GetPublicKey: { status: 400, code: 'AccessDeniedException' } });
  stage.check('without the gate\'s key nothing is believed', keyless?.Reason === 'NOT_READABLE: GetPublicKey failed: AccessDeniedException', keyless);

  await putObjects(stage, served, [[`${prefix}config.json`, 'changed']]);
  const rewritten = await ask();
  stage.check('a file that was written again is seen', rewritten?.Reason.startsWith('OBJECT_REWRITTEN: ') === true, rewritten);
  const before = stage.calls.length;
  const removed = await ask({ RequestType: 'Delete', PhysicalResourceId: prefix });
  stage.check('its deletion is not refused', removed?.Status === 'SUCCESS', removed);
  stage.check('and asks AWS nothing', stage.calls.length === before);
  const lost = await stage.invoke({ RequestType: 'Delete', ResponseURL: 'https://169.254.169.254/latest', StackId: 's', RequestId: 'r', LogicalResourceId: 'l' });
  stage.check('nobody else is answered', lost.errorType === 'DeployCheckError.INVALID_REQUEST', lost);
}

/** A signed model as the promoter leaves it: one file in parts, one in one piece, each with its SHA-256. */
export async function promoted({ s3 }: Stage, Bucket: string, text: string): Promise<{ prefix: string; rootDigest: string }> {
  const files: [string, string][] = [['config.json', `{"name": "${text}"}`], ['weights ü.bin', text]];
  const { bundle, rootDigest } = await signModel(new MemoryArtifactStore(files), newTestKey().signer);
  files.push(['model.sig', bundle.toString()]);
  const manifest = files.map(([name, content]) => `${createHash('sha256').update(content).digest('hex')}  ${name}\n`).join('');
  const place = `models/fraud/sha256-${createHash('sha256').update(manifest).digest('hex')}`;
  for (const [name, content] of [...files, ['', manifest]]) {
    const at = { Bucket, Key: name === '' ? `${place}.manifest` : `${place}/${name}` };
    if (name !== 'weights ü.bin') {
      await s3.send(new PutObjectCommand({ ...at, Body: Buffer.from(content), ChecksumAlgorithm: 'SHA256' }));
      continue;
    }
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ ...at, ChecksumAlgorithm: 'SHA256' }));
    const { ETag, ChecksumSHA256 } = await s3.send(new UploadPartCommand({ ...at, UploadId, PartNumber: 1, Body: Buffer.from(content), ChecksumAlgorithm: 'SHA256' }));
    await s3.send(new CompleteMultipartUploadCommand({ ...at, UploadId, MultipartUpload: { Parts: [{ PartNumber: 1, ETag, ChecksumSHA256 }] } }));
  }
  return { prefix: `${place}/`, rootDigest };
}

/** The gate's key under the ARN that the template gives it; see `KmsGaps`. */
export async function makeGateKey({ kms, deployed }: Stage): Promise<void> {
  await kms.send(new CreateKeyCommand({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY', Description: deployed.environment[DEPLOY_CHECK_ENV.GATE_KEY_ARN] }));
}

interface Approval {
  readonly records: string;
  readonly gate: string;
  readonly prefix: string;
  readonly rootDigest: string;
  readonly resourceUri: string;
}

/** A summary by the gate's key. */
export async function approve(stage: Stage, { records, gate, prefix, rootDigest, resourceUri }: Approval): Promise<void> {
  const KeyId = stage.deployed.environment[DEPLOY_CHECK_ENV.GATE_KEY_ARN];
  const { kms } = stage;
  const client = {
    getPublicKey: (request: { KeyId: string }) => kms.send(new GetPublicKeyCommand(request)),
    sign: (request: KmsSignRequest) => kms.send(new SignCommand(request)),
  };
  const signer = new KmsSigner(client, KeyId);
  const payload = writeVerificationSummary([{ name: prefix, digest: { sha256: rootDigest } }], {
    // The clock of the server may be a little ahead.
    verifierId: gate, timeVerified: new Date(Date.now() + 2_000), resourceUri, policy: { uri: gate, digest: { sha256: 'a'.repeat(64) } }, result: 'PASSED',
    verifiedLevels: [GATE_LEVEL],
  });
  await putObjects(stage, records, [[`summaries/${rootDigest}/1.json`, await signStatement(payload, signer)]]);
}

/** Where answers are waited for, over TLS as at AWS; the certificate is its own. */
export class AnswerServer {
  private answer?: Answer;

  private constructor(private readonly server: https.Server, private readonly certificate: string) {
    server.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        this.answer = JSON.parse(Buffer.concat(chunks).toString()) as Answer;
        response.writeHead(request.method === 'PUT' && request.headers['content-type'] === '' ? 200 : 403).end();
      });
    });
  }

  /** Waits for answers while something is played. */
  public static async during(play: (server: AnswerServer) => Promise<void>): Promise<void> {
    const server = await AnswerServer.start();
    try {
      await play(server);
    } finally {
      await server.stop();
    }
  }

  private static async start(): Promise<AnswerServer> {
    const { privateKey } = newTestKey();
    const certificate = toPem(newCertificate({ subject: 'localhost', issuer: 'localhost', key: privateKey, issuerKey: privateKey, extendedUsages: [SERVER_AUTH] }));
    const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'answers-')), 'certificate.pem');
    fs.writeFileSync(file, certificate);
    const server = https.createServer({ key: privateKey.export({ type: 'pkcs8', format: 'pem' }), cert: certificate }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new AnswerServer(server, file);
  }

  /** Invokes the check as CloudFormation does, and waits for what it is told. */
  public async ask(stage: Stage, change: object, failures: Parameters<Stage['invoke']>[1]): Promise<Answer | undefined> {
    this.answer = undefined;
    const host = `localhost:${(this.server.address() as AddressInfo).port}`;
    const event = {
      RequestType: 'Create', ResponseURL: `https://${host}/answer?signature=x`, StackId: 'arn:aws:cloudformation:eu-central-1:111111111111:stack/Fraud/1', RequestId: 'r-1',
      LogicalResourceId: 'Verdict', ...change,
    };
    const ended = await stage.invoke(event, failures, { [DEPLOY_CHECK_ENV.ANSWER_HOSTS]: host, NODE_EXTRA_CA_CERTS: this.certificate });
    stage.check('the function ends well once it has answered', ended.errorType === undefined, ended);
    return this.answer;
  }

  private async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
    fs.rmSync(path.dirname(this.certificate), { recursive: true });
  }
}
