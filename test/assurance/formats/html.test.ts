import { App, Stack } from 'aws-cdk-lib';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { CfnModel } from 'aws-cdk-lib/aws-sagemaker';
import { describe, expect, test } from 'vitest';
import type { Evidence } from '../../../lib/assurance/evidence/evidence';
import { gatherEvidence } from '../../../lib/assurance/evidence/gather-evidence';
import { htmlOf } from '../../../lib/assurance/formats/html';
import { html } from '../../../lib/assurance/formats/html/escape';
import { RULE_PACK } from '../../../lib/assurance/rules/rule-pack';
import { TemplateModel } from '../../../lib/assurance/template';
import { ConstructMetadata, readAssembly } from '../../../lib/assurance/template-source';

function evidenceOf(build: (stack: Stack) => void): Evidence {
  const app = new App();
  build(new Stack(app, 'Stack', { env: { account: '111111111111', region: 'eu-central-1' } }));
  const { directory } = app.synth();
  return gatherEvidence({
    model: TemplateModel.of(readAssembly(directory)), metadata: ConstructMetadata.read(directory), rules: RULE_PACK, proofs: [], version: '1.2.3',
  });
}

const evidence = evidenceOf((stack) => {
  new CfnModel(stack, 'Open', { executionRoleArn: 'arn:aws:iam::111111111111:role/x' });
  const bucket = new Bucket(stack, 'Data');
  const handler = new LambdaFunction(stack, 'Reader', { runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromInline('exports.handler = 1') });
  bucket.grantRead(handler);
});

describe('the HTML report', () => {
  const report = htmlOf(evidence, { subject: 'fraud' });

  test('asks nothing of the network', () => {
    expect(report).toContain("default-src 'none'");
    expect(report.match(/\b(src|href)="(?!#)[^"]*"/g)).toBeNull();
    expect(report).not.toMatch(/@import|url\((?!#)/);
  });

  test('has every section, every control and the open finding', () => {
    for (const { id } of evidence.controls) expect(report).toContain(`>${id}</div>`);
    expect(report).toContain('AISec-SM01');
    for (const anchor of report.matchAll(/href="#([a-z]+)"/g)) expect(report).toContain(`id="${anchor[1]}"`);
  });

  test('draws the workload, the store and the flow between them', () => {
    expect(report).toMatch(/<title>Reader AWS::Lambda::Function<\/title>/);
    expect(report).toMatch(/<title>Data AWS::S3::Bucket<\/title>/);
    expect(report.match(/class="edge"/g)).toHaveLength(1);
    expect(evidence.dataFlow.edges).toEqual([expect.objectContaining({ how: 'READS' })]);
  });

  test('has a label on each field, and a scope on each column head', () => {
    for (const [field] of report.matchAll(/<(input|select)\b[^>]*>/g)) expect(field).toContain('aria-label=');
    expect(report.match(/<th\b(?![^>]*scope="col")/g)).toBeNull();
    expect(report).toContain('<html lang="en">');
  });

  test('has the same bytes for the same evidence', () => {
    expect(htmlOf(evidence, { subject: 'fraud' })).toBe(report);
  });
});

test('no text of a template becomes markup', () => {
  const hostile = '"><script>alert(1)</script><img src=x onerror=alert(1)>';
  const report = htmlOf({ ...evidence, gaps: [hostile], inventory: [{ ...evidence.inventory[0], type: hostile, dataClass: hostile }] }, { subject: hostile });
  expect(report).not.toContain('<script>alert');
  expect(report).not.toContain('<img');
  expect(report.match(/<script>/g)).toHaveLength(1);
});

test('escapes values of every kind, and leaves markup of its own alone', () => {
  expect(html`<b a="${'"\u202e'}">${1}${undefined}${[html`<i>${'<'}</i>`]}</b>`.text).toBe('<b a="&quot;\ufffd">1<i>&lt;</i></b>');
});
