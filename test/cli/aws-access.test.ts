import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CliBench, ROOT } from './cli-run';

const bench = new CliBench();
const KEY = 'arn:aws:kms:eu-central-1:111122223333:key/1234';
let server: ChildProcess;
let env: Record<string, string>;

beforeAll(async () => {
  bench.model('s3/bucket/models/fraud');
  const script = path.join(__dirname, 'fake-aws.ts');
  server = spawn(process.execPath, ['--import', 'tsx', script, bench.path('s3'), bench.path('key.pem')], { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
  const port = await new Promise<string>((resolve) => server.stdout?.once('data', (data: Buffer) => resolve(data.toString().trim())));
  env = { AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`, AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret', AWS_REGION: 'eu-central-1' };
});
afterAll(() => {
  server.kill();
  bench.remove();
});

const run = (...args: string[]) => bench.runWith({ env }, 'model', ...args);
const MODEL = 's3://bucket/models/fraud';

describe('a model in S3', () => {
  test('is scanned, signed by a key in KMS, verified, listed, and judged where it lies', () => {
    expect(run('scan', MODEL)).toMatchObject({ code: 0, out: expect.stringContaining('✔ s3://bucket/models/fraud: 3 SAFE') as string });
    expect(run('sign', MODEL, '--kms-key', KEY, '--bundle', 'model.sig')).toMatchObject({ code: 0, out: expect.stringContaining('signed') as string });
    fs.copyFileSync(bench.path('model.sig'), bench.path('s3/bucket/models/fraud/model.sig'));
    expect(run('verify', MODEL, '--key', 'key.pub')).toMatchObject({ code: 0, out: expect.stringContaining('3 files are as signed') as string });
    expect(run('inspect', MODEL, '--json').json()).toMatchObject({ signature: { method: 'key', signedFiles: 3 } });
    expect(run('bom', `${MODEL}/`)).toMatchObject({ code: 0, out: expect.stringContaining('"name": "fraud"') as string });
    bench.write('policy.json', JSON.stringify({
      schema: 'cdk-secure-ai/gate-policy/v1', name: 'p', builders: ['https://x.example'], maxAgeDays: 1, requirements: [{ metric: 'auc', min: 0 }],
    }));
    const { code, out } = run('gate', MODEL, '--policy', 'policy.json', '--key', 'key.pub');
    expect([code, out]).toEqual([1, expect.stringMatching(/pass {2}signature[^]*fail {2}provenance/)]);
  });

  test('that was changed after it was signed is refused', () => {
    bench.write('s3/bucket/models/fraud/README.md', 'changed');
    expect(run('verify', MODEL, '--key', 'key.pub', '--json')).toMatchObject({ code: 1 });
    expect(run('verify', MODEL, '--key', 'key.pub', '--json').json()).toMatchObject({ code: 'FILE_MISMATCH' });
  });

  test.each([
    [['sign', MODEL, '--key', 'key.pem'], 'nothing is written to S3: name a local file'],
    [['scan', 's3://B/x'], 'is no address in S3'],
    [['scan', 'https://example.com/model'], 'https:// is not supported'],
    [['verify', 's3://bucket/nowhere', '--key', 'key.pub'], 'signature "s3://bucket/nowhere/model.sig" does not exist'],
    [['sign', 's3/bucket/models/fraud', '--kms-key', 'alias/signing', '--force'], 'give the ARN of a key, not of an alias'],
    [['sign', 's3/bucket/models/fraud', '--kms-key', KEY, '--key', 'key.pem'], '--key and --kms-key are given'],
  ])('%j ends with what is wrong', (args, message) => {
    expect(run(...args)).toMatchObject({ code: 2, err: expect.stringContaining(message) as string });
  });
});

test('the command starts without the SDK, which is a file of its own', () => {
  const files = fs.readdirSync(path.join(ROOT, 'dist', 'cli'));
  expect(files.filter((name) => name.endsWith('.js')).sort()).toEqual(['aws-access.js', 'aws-session.js', 'secure-ai.js']);
  expect(fs.readFileSync(path.join(ROOT, 'dist', 'cli', 'secure-ai.js'), 'utf8')).not.toContain('@aws-sdk/client-s3/');
});
