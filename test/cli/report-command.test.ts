import * as fs from 'node:fs';
import { App, Stack } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { ModelArtifactBucket } from 'cdk-secure-ai/models';
import { SecurityPosture, SecurityProfile } from 'cdk-secure-ai/posture';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LeastPrivilegeRole } from '../../lib/core/least-privilege-role';
import { PROFILE_POSTURES } from '../support/full-platform';
import { CliBench } from './cli-run';

const bench = new CliBench();
afterAll(() => bench.remove());

interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
}

interface Template {
  readonly Resources: Record<string, { readonly Type: string; readonly Properties: { readonly PolicyDocument?: { Statement: Statement[] } } }>;
}

/** The model store of the reference platform in production with a role that reads it, after somebody took a denial out of every bucket's policy. */
function assembly(name: string, without?: string): void {
  const app = new App({ outdir: bench.path(name) });
  const stack = new Stack(app, 'Models', { env: { account: '111111111111', region: 'eu-central-1' } });
  SecurityPosture.attach(stack, PROFILE_POSTURES[SecurityProfile.HIGH_ASSURANCE](app));
  const reader = new LeastPrivilegeRole(stack, 'Reader', { assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com'), description: 'Reads models' });
  new ModelArtifactBucket(stack, 'Store').grantRead(reader);
  const { stacks } = app.synth();
  if (without === undefined) return;
  const file = stacks.find(({ stackName }) => stackName === 'Models')?.templateFullPath ?? '';
  const template = JSON.parse(fs.readFileSync(file, 'utf8')) as Template;
  let removed = 0;
  for (const { Type, Properties } of Object.values(template.Resources)) {
    if (Type !== 'AWS::S3::BucketPolicy' || Properties.PolicyDocument === undefined) continue;
    const { Statement } = Properties.PolicyDocument;
    Properties.PolicyDocument.Statement = Statement.filter(({ Sid }) => Sid !== without);
    removed += Statement.length - Properties.PolicyDocument.Statement.length;
  }
  if (removed === 0) throw new Error(`no bucket policy has the statement ${without}`);
  fs.writeFileSync(file, JSON.stringify(template));
}

interface Report {
  readonly controls: readonly { readonly id: string; readonly status: string; readonly proofs: readonly string[] }[];
  readonly proofs: readonly { readonly id: string; readonly verdict: string; readonly details: readonly string[]; readonly layers: readonly string[] }[];
  readonly assumptions: readonly string[];
}

function report(place: string, ...args: string[]): Report {
  const { err } = bench.run('report', place, '--format', 'json', '--output', `${place}.json`, ...args);
  if (err !== '') throw new Error(err);
  return JSON.parse(fs.readFileSync(bench.path(`${place}.json`), 'utf8')) as Report;
}

const statusOf = ({ controls }: Report, id: string): string | undefined => controls.find((one) => one.id === id)?.status;

beforeAll(() => {
  assembly('whole');
  assembly('weak', 'DenyForeignNetworks');
});

describe('proofs enter the report', () => {
  test('a control that a proof is about is proven, and says by which', () => {
    const whole = report('whole');
    expect(whole.controls.filter(({ status }) => status === 'PROVEN').length).toBeGreaterThan(3);
    for (const { status, proofs } of whole.controls) if (status === 'PROVEN') expect(proofs.length).toBeGreaterThan(0);
    expect(whole.proofs.find(({ id }) => id === 'AISEC-08A')).toMatchObject({ verdict: 'PROVED', layers: ['resource-deny'] });
    expect(whole.assumptions.join()).toContain('actions and ARN formats are those of iam-data');
  });
  test('without one denial the control is open, and the request that succeeds is shown', () => {
    const weak = report('weak');
    const proof = weak.proofs.find(({ id }) => id === 'AISEC-08A');
    expect(proof?.verdict).toBe('REFUTED');
    expect(proof?.details.join()).toMatch(/: s3:\w+ arn:aws:s3:::\S+,.*no aws:SourceVpce/);
    const about = weak.controls.filter(({ proofs }) => proofs.includes('AISEC-08A'));
    expect(about.length).toBeGreaterThan(0);
    for (const { status } of about) expect(status).toBe('OPEN');
  });
  test('--no-proofs proves nothing and claims nothing', () => {
    const plain = report('weak', '--no-proofs');
    expect(plain.proofs).toEqual([]);
    expect(plain.controls.filter(({ status }) => status === 'PROVEN')).toEqual([]);
  });
  test('attacks of a file enter it too', () => {
    const own = {
      schema: 'cdk-secure-ai/attacks/v1',
      attacks: [{ id: 'OWN-1', title: 'roles list buckets', controls: ['DP1', 'ACME-7'], subjects: { callers: { callers: {} } }, principals: { types: ['ROLE'] }, action: ['s3:ListBucket'] }],
    };
    bench.write('own.json', JSON.stringify(own));
    const found = report('whole', '--attacks', 'own.json');
    expect(found.proofs.find(({ id }) => id === 'OWN-1')).toMatchObject({ verdict: 'REFUTED', controls: ['DP1'] });
    expect(statusOf(found, 'DP1')).toBe('OPEN');
  });
  test('a file of attacks that is none ends with 2', () => {
    bench.write('none.json', '{}');
    expect(bench.run('report', 'whole', '--attacks', 'none.json')).toMatchObject({ code: 2, err: expect.stringContaining('none.json') });
  });
});

test('results of the packs that are no JSON end with 2, and the file is named', () => {
  assembly('torn');
  bench.write('torn/checks.json', '{');
  const { code, err } = bench.run('report', 'torn', '--no-proofs');
  expect({ code, err }).toEqual({ code: 2, err: expect.stringMatching(/torn\/checks\.json is no JSON/) as unknown });
  expect(err).not.toContain('an error of this program');
});

test('prove refutes the same on the same template, with a request that can be read', () => {
  expect(bench.run('prove', 'whole', '--attack', 'AISEC-08A').code).toBe(0);
  const { code, out } = bench.run('prove', 'weak', '--attack', 'AISEC-08A');
  expect(code).toBe(1);
  expect(out).toMatch(/^ {2}\S.*: s3:\w+ arn:aws:s3:::\S+,.* no aws:SourceVpce/m);
});
