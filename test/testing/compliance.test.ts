import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { App, Stack, Tags } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { ComplianceChecks } from 'cdk-secure-ai/assurance';
import { ModelArtifactBucket } from 'cdk-secure-ai/models';
import { SecurityPosture } from 'cdk-secure-ai/posture';
import { Compliance } from 'cdk-secure-ai/testing';
import { describe, expect, test } from 'vitest';

const TAGS = { environment: 'production', ownerTeam: 'fraud-scoring' };

/** A stack with a store or, weaker, with a bucket for models that has no protection at all. */
function app(isProtected: boolean, checked = true): App {
  const root = new App({ outdir: fs.mkdtempSync(path.join(os.tmpdir(), 'compliance-')) });
  const stack = new Stack(root, 'Store', { env: { account: '111122223333', region: 'eu-west-1' } });
  SecurityPosture.attach(stack, { tags: TAGS });
  if (isProtected) new ModelArtifactBucket(stack, 'Models');
  else Tags.of(new Bucket(stack, 'Models')).add('AiDataSet', 'models');
  if (checked) ComplianceChecks.addTo(root);
  return root;
}

describe('an app with a store of models', () => {
  const root = app(true);
  const compliance = Compliance.of(root);

  test('has no open finding, and a proof for its encryption in transit', () => {
    compliance.expectNoOpenFinding();
    compliance.expectControlProven('DP2a');
  });

  test('is the same text every time, of controls, packs, attacks and places, without a hash', () => {
    const text = compliance.snapshot();
    expect(Compliance.ofAssembly(root.outdir).snapshot()).toBe(text);
    expect(text).toContain('- Store: 111122223333, eu-west-1\n');
    expect(text).toMatch(/^- AwsSolutions: \d+ rules, 0 open$/m);
    expect(text).toMatch(/^- DP2a PROVEN: .*; declared by .*Store\/Models/m);
    expect(text).toMatch(/^- AISEC-24B PROVED: .*resource-deny\)$/m);
    expect(text).toContain('NIST.800.53.R5-S3BucketReplicationEnabled as no-replica (DESIGN) at Store/Models/');
    expect(text).toMatch(/^- AWS::S3::Bucket, confidential, own key: Store\/Models\/Quarantine\/Resource Store\/Models\/Served\/Resource$/m);
    expect(text).not.toMatch(/(?=\d*[A-F])[0-9A-F]{8}/);
  });

  test('leaves the attacks out where it is told to: nothing counts as proven then', () => {
    const quick = Compliance.of(root, { attacks: false });
    expect(quick.snapshot()).not.toContain('AISEC-');
    expect(() => quick.expectControlProven('DP2a')).toThrow('control DP2a is CHECKED, not PROVEN');
  });

  test('says what there is in place of a proof, and which controls there are', () => {
    expect(() => compliance.expectControlProven('ML3')).toThrow(/control ML3 is \w+, not PROVEN\n/);
    expect(() => compliance.expectControlProven('XX1')).toThrow("no control has the id 'XX1': there are P1, P2");
    expect(() => compliance.expectControlProven('__proto__')).toThrow("no control has the id '__proto__'");
  });
});

describe('an app with a bare bucket for models', () => {
  const root = app(false);
  // The packs let synthesis fail, after their results are written.
  expect(() => root.synth()).toThrow('AwsSolutions-S1');
  const compliance = Compliance.ofAssembly(root.outdir);

  test('fails with a list of what is open, of the packs and of the library’s rules', () => {
    expect(() => compliance.expectNoOpenFinding()).toThrow(/findings are open\n(?: {2}.*\n)* {2}AwsSolutions-S1 violated at Store\/Models\/Resource\n/);
    expect(() => compliance.expectNoOpenFinding()).toThrow(/\n {2}AISec-\w+ violated at Store\/Models\/Resource: /);
  });

  test('fails a control with the request that gets through', () => {
    expect(() => compliance.expectControlProven('DP2a')).toThrow(/control DP2a is OPEN, not PROVEN\n(?:.*\n)*? {2}AISEC-08I REFUTED: an administrator of 111122223333: s3:PutObject arn:aws:s3:::store-models/);
  });

  test('shows it in its text', () => {
    const text = compliance.snapshot();
    expect(text).toMatch(/^- DP2a OPEN: /m);
    expect(text).toMatch(/^- AISEC-08F REFUTED: /m);
  });
});

test('results that nobody produced are none', () => {
  const compliance = Compliance.of(app(true, false), { attacks: false });
  expect(() => compliance.expectNoOpenFinding()).toThrow('the packs did not run');
});
