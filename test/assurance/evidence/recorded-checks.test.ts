import * as fs from 'node:fs';
import * as path from 'node:path';
import { Stack, Stage } from 'aws-cdk-lib';
import { CfnKey } from 'aws-cdk-lib/aws-kms';
import { assurance } from 'cdk-secure-ai';
import { describe, expect, test } from 'vitest';
import { gatherEvidence } from '../../../lib/assurance/evidence/gather-evidence';
import type { Evidence } from '../../../lib/assurance/evidence/evidence';
import { readChecks } from '../../../lib/assurance/evidence/recorded-checks';
import { TemplateModel } from '../../../lib/assurance/template';
import { ConstructMetadata, readAssembly } from '../../../lib/assurance/template-source';
import { appWithStack, checksText } from '../canaries';

const { ComplianceChecks, CompliancePack } = assurance;
const PACKS = { packs: [CompliancePack.AWS_SOLUTIONS] };

/** An assembly with one stack in it, and one in a stage, that the packs judged and left clean. */
function judgedApp(scope: 'APP' | 'STAGE' = 'APP'): string {
  const { app, stack, outdir } = appWithStack();
  const stage = new Stage(app, 'Prod');
  ComplianceChecks.addTo(scope === 'APP' ? app : stage, PACKS);
  new CfnKey(stack, 'Key', { enableKeyRotation: true });
  new CfnKey(new Stack(stage, 'Inner'), 'Key', { enableKeyRotation: true });
  app.synth();
  return outdir;
}

function evidenceAt(directory: string): Evidence {
  const model = TemplateModel.of(readAssembly(directory));
  const checks = readChecks(directory);
  return gatherEvidence({ model, metadata: ConstructMetadata.read(directory), rules: [], proofs: [], checks, version: '1.2.3' });
}

function edit(file: string, from: string, to: string): void {
  const text = fs.readFileSync(file, 'utf8');
  expect(text).toContain(from);
  fs.writeFileSync(file, text.replace(from, to));
}

describe('the results of the public packs', () => {
  test('count where they are those of the templates beside them, of stages as well', () => {
    const { packs, gaps } = evidenceAt(judgedApp());
    expect(packs).toEqual([expect.objectContaining({ name: 'AwsSolutions', completed: true, open: 0 })]);
    expect(gaps).toEqual([]);
  });

  test.each<[string, (outdir: string) => void, string]>([
    [
      'of a template that changed since complete nothing',
      (outdir) => edit(path.join(outdir, 'Workload.template.json'), '"EnableKeyRotation": true', '"EnableKeyRotation": false'),
      "the template of stack 'Workload' is not the one that the packs judged; synthesise again",
    ],
    [
      'that were copied from another app complete nothing',
      (outdir) => {
        const { app, stack, outdir: other } = appWithStack();
        ComplianceChecks.addTo(app, PACKS);
        new CfnKey(stack, 'Key', { enableKeyRotation: true });
        app.synth();
        fs.copyFileSync(path.join(other, 'checks.json'), path.join(outdir, 'checks.json'));
      },
      "stack 'Prod/Inner' is not in checks.json: the packs did not judge it; synthesise again",
    ],
    [
      'that speak of a stack that is gone complete nothing',
      (outdir) => edit(path.join(outdir, 'checks.json'), '"path": "Workload"', '"path": "Ghost"'),
      "checks.json speaks of stack 'Ghost', which is not there; synthesise again",
    ],
    [
      'that name no stack complete nothing',
      (outdir) => fs.writeFileSync(path.join(outdir, 'checks.json'), JSON.stringify({ ...JSON.parse(checksText(outdir)), stacks: 7 })),
      "stack 'Workload' is not in checks.json: the packs did not judge it; synthesise again",
    ],
  ])('%s', (_, spoil, gap) => {
    const outdir = judgedApp();
    spoil(outdir);
    const { packs, gaps } = evidenceAt(outdir);
    expect(packs).toEqual([expect.objectContaining({ name: 'AwsSolutions', completed: false })]);
    expect(gaps).toContain(gap);
  });

  test('of one stage count for it, and say which stack they leave out', () => {
    const { packs, gaps } = evidenceAt(judgedApp('STAGE'));
    expect(packs).toEqual([expect.objectContaining({ completed: true })]);
    expect(gaps).toEqual(["the packs judged 'Prod' alone, and not stack 'Workload'"]);
  });

  test('are not read through a link out of the assembly, and no JSON is an error that names the file', () => {
    const outdir = judgedApp();
    const file = path.join(outdir, 'checks.json');
    fs.writeFileSync(file, '{');
    expect(() => readChecks(outdir)).toThrow(/checks\.json is no JSON/);
    fs.rmSync(file);
    expect(readChecks(outdir)).toBeUndefined();
    fs.symlinkSync(path.join(judgedApp(), 'checks.json'), file);
    expect(() => readChecks(outdir)).toThrow('a link that leads outside');
  });
});
