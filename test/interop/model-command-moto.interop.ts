/** `secure-ai model`, as it ships, against moto: a model in S3 by version through all of its commands, with a key of KMS, and what changed is refused. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { CreateKeyCommand, GetPublicKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { CreateBucketCommand, PutBucketVersioningCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { createPublicKey } from 'node:crypto';
import { newTestKey } from '../models/signing/test-key';
import { AwsGateway, SEED_KEY } from './handlers/aws-gateway';
import { startMoto } from './handlers/moto-server';
import type { InteropContext, InteropResult } from './interop-context';
import { runCommand } from './run-command';

export const name = 'model commands on moto';

const REGION = 'eu-central-1';
const ACCOUNT = '111111111111';
const KEY = `arn:aws:kms:${REGION}:${ACCOUNT}:key/0a1b2c3d-0000-4000-8000-000000000000`;
const BUCKET = 'served';
const MODEL = `s3://${BUCKET}/models/fraud ü`;
const BUILDER = 'https://example.com/training';

export async function run(context: InteropContext): Promise<InteropResult> {
  const moto = await startMoto(context, ACCOUNT);
  const gateway = await AwsGateway.start(moto);
  try {
    return await new CommandPlay(context, gateway).play();
  } finally {
    await gateway.stop();
    await moto.stop();
  }
}

class CommandPlay implements InteropResult {
  public passed = 0;
  public readonly failed: string[] = [];
  private readonly s3: S3Client;
  private readonly kms: KMSClient;

  public constructor(private readonly context: InteropContext, private readonly gateway: AwsGateway) {
    const client = { region: REGION, endpoint: gateway.url, credentials: { accessKeyId: SEED_KEY, secretAccessKey: 'none' } };
    this.s3 = new S3Client(client);
    this.kms = new KMSClient(client);
  }

  public async play(): Promise<InteropResult> {
    const { temp } = this.context;
    await this.kms.send(new CreateKeyCommand({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY', Description: KEY }));
    const { PublicKey } = await this.kms.send(new GetPublicKeyCommand({ KeyId: KEY }));
    const publicKey = createPublicKey({ key: Buffer.from(PublicKey!), format: 'der', type: 'spki' }).export({ type: 'spki', format: 'pem' });
    fs.writeFileSync(path.join(temp, 'kms.pub'), publicKey);
    await this.s3.send(new CreateBucketCommand({ Bucket: BUCKET, CreateBucketConfiguration: { LocationConstraint: REGION } }));
    await this.s3.send(new PutBucketVersioningCommand({ Bucket: BUCKET, VersioningConfiguration: { Status: 'Enabled' } }));
    await this.put('model.onnx', fs.readFileSync(path.join(this.context.root, 'examples', 'fraud-model', 'model.onnx')));
    await this.put('config/labels 1.json', '["benign", "malignant"]\n');

    const scanned = await this.ask(0, 'scan', MODEL);
    this.check('scan: a safe model ends with 0', scanned.verdict === 'SAFE', scanned);
    await this.command(0, 'sign', MODEL, '--kms-key', KEY, '--bundle', 'model.sig');
    await this.put('model.sig', fs.readFileSync(path.join(temp, 'model.sig')));
    const verified = await this.ask(0, 'verify', MODEL, '--key', 'kms.pub');
    this.check('sign, verify: what KMS signed verifies with the public half of its key', verified.verified === true, verified);
    const inspected = await this.ask(0, 'inspect', MODEL) as { readonly rootDigest?: string; readonly signature?: { readonly rootDigest?: string } };
    this.check('inspect: the root digest is the signed one', inspected.rootDigest !== undefined && inspected.rootDigest === inspected.signature?.rootDigest, inspected);
    const bom = JSON.stringify(await this.bom());
    this.check('bom: it names that digest', bom.includes(String(inspected.rootDigest)), bom);
    await this.playGate(String(verified.rootDigest));

    await this.put('config/labels 1.json', '["malignant", "benign"]\n');
    const changed = await this.ask(1, 'verify', MODEL, '--key', 'kms.pub');
    this.check('verify: a newer version of a file is refused', changed.code === 'FILE_MISMATCH', changed);
    await this.put('loader.pkl', "cos\nsystem\n(S'id'\ntR.");
    const dangerous = await this.ask(1, 'scan', MODEL);
    this.check('scan: a pickle that runs a command ends with 1', dangerous.verdict === 'DANGEROUS', dangerous);
    const missing = await this.command(2, 'scan', 's3://no-such-bucket/model');
    this.check('scan: a bucket that is not there ends with 2 and a sentence', /cannot be listed/.test(missing.stderr), missing);
    return this;
  }

  /** With evidence by a key of its own, the model passes; with the evidence of another one it does not. */
  private async playGate(rootDigest: string): Promise<void> {
    const key = newTestKey();
    this.write('key.pem', key.privateKeyPem);
    this.write('key.pub', key.publicKey);
    this.write('policy.json', { schema: 'cdk-secure-ai/gate-policy/v1', name: 'production', builders: [BUILDER], maxAgeDays: 30, requirements: [{ metric: 'auc', min: 0.9 }] });
    this.write('provenance.in', { buildDefinition: { buildType: 'https://example.com/build/v1', externalParameters: {} }, runDetails: { builder: { id: BUILDER } } });
    this.write('result.in', {
      schema: 'cdk-secure-ai/evaluation-result/v1', suite: 'holdout', tool: { name: 'evaluator', version: '1' }, measuredAt: new Date(Date.now() - 60_000).toISOString(),
      metrics: [{ id: 'auc', value: 0.95, interval: { lower: 0.94, upper: 0.96, level: 0.95 } }],
    });
    for (const kind of ['provenance', 'result']) await this.command(0, 'attest', MODEL, `--${kind}`, `${kind}.in`, '--key', 'key.pem', '--output', `${kind}.json`);
    const evidence = ['--policy', 'policy.json', '--key', 'kms.pub', '--provenance', 'provenance.json', '--result', 'result.json'];
    const passed = await this.ask(0, 'gate', MODEL, ...evidence, '--evidence-key', 'key.pub');
    this.check('gate: a model with its evidence passes', passed.passed === true && passed.rootDigest === rootDigest, passed);
    const refused = await this.ask(1, 'gate', MODEL, ...evidence);
    this.check('gate: evidence of a key that is not trusted with it fails', refused.passed === false, refused);
  }

  private async bom(): Promise<unknown> {
    return JSON.parse((await this.command(0, 'bom', MODEL)).stdout);
  }

  private async ask(status: number, ...args: string[]): Promise<Record<string, unknown>> {
    const { stdout } = await this.command(status, ...args, '--json');
    try {
      return JSON.parse(stdout) as Record<string, unknown>;
    } catch {
      return { stdout };
    }
  }

  private async command(status: number, ...args: string[]): Promise<{ readonly stdout: string; readonly stderr: string }> {
    const env = { AWS_ENDPOINT_URL: this.gateway.url, AWS_REGION: REGION, AWS_ACCESS_KEY_ID: SEED_KEY, AWS_SECRET_ACCESS_KEY: 'none' };
    const command = path.join(this.context.root, 'dist', 'cli', 'secure-ai.js');
    const ended = await runCommand(process.execPath, [command, 'model', ...args], { cwd: this.context.temp, env, answers: [0, 1, 2] });
    this.check(`${args[0]} ends with ${status}`, ended.status === status, ended);
    return ended;
  }

  private async put(file: string, content: string | Buffer): Promise<void> {
    await this.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: `models/fraud ü/${file}`, Body: Buffer.from(content) }));
  }

  private write(file: string, content: string | object): void {
    fs.writeFileSync(path.join(this.context.temp, file), typeof content === 'string' ? content : JSON.stringify(content));
  }

  private check(what: string, holds: boolean, instead: unknown): void {
    if (holds) this.passed += 1;
    else this.failed.push(`${what}, got ${JSON.stringify(instead).slice(0, 800)}`);
  }
}
