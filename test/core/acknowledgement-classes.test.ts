import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { App } from 'aws-cdk-lib';
import { CheckResults, ComplianceChecks, CompliancePack } from 'cdk-secure-ai/assurance';
import { SecurityProfile, WeakerChoice } from 'cdk-secure-ai/posture';
import type { AcknowledgedFinding } from '../../lib/assurance/rules/acknowledgements';
import { partByAcknowledgement } from '../../lib/assurance/rules/acknowledgements';
import { judge } from '../../lib/assurance/rules/judge';
import { withPlaces } from '../../lib/assurance/rules/finding-place';
import { RULE_PACK } from '../../lib/assurance/rules/rule-pack';
import { TemplateModel } from '../../lib/assurance/template';
import { ConstructMetadata, readAssembly } from '../../lib/assurance/template-source';
import { recordedReason } from '../../lib/core/acknowledge';
import { afterAll, describe, expect, test } from 'vitest';
import { ACKNOWLEDGEMENT_CLASSES, acknowledgementClassesOf } from '../../lib/core/acknowledgement-classes';
import { PROFILE_POSTURES, fullStack } from '../support/full-platform';

const temp = fs.mkdtempSync(path.join(os.tmpdir(), 'acknowledgements-'));
afterAll(() => fs.rmSync(temp, { recursive: true, force: true }));

interface Results extends Pick<CheckResults, 'packs'> {
  readonly own: readonly AcknowledgedFinding[];
}

/** All packs, and the library's own rules, over everything that the library makes, in every profile and without reserved concurrency. */
function results(): Results {
  const app = new App({ outdir: path.join(temp, 'cdk.out') });
  for (const profile of Object.values(SecurityProfile)) fullStack(app, profile.replaceAll('_', ''), PROFILE_POSTURES[profile](app));
  fullStack(app, 'Unreserved', {
    unreservedConcurrency: WeakerChoice.of({ reason: 'new account', owner: 'platform', expires: '2027-03-31' }), evaluationDate: '2026-11-24',
  });
  ComplianceChecks.addTo(app, { packs: Object.values(CompliancePack) });
  try {
    app.synth();
  } catch {
    // BASELINE stacks are judged by packs that they do not ask for: what they leave open is no matter here.
  }
  const metadata = ConstructMetadata.read(app.outdir);
  const { findings } = judge(TemplateModel.of(readAssembly(app.outdir)), RULE_PACK);
  const own = partByAcknowledgement(withPlaces(findings, metadata), metadata).acknowledged;
  return { packs: CheckResults.read(app.outdir).packs, own };
}

describe('the closed list of acknowledgements', () => {
  const { packs, own } = results();
  const acknowledged = [
    ...packs.flatMap((pack) => pack.acknowledged),
    ...own.map(({ ruleId, reason }) => ({ rule: ruleId, classId: ACKNOWLEDGEMENT_CLASSES.find((c) => recordedReason(c) === reason)?.id ?? 'USER' })),
  ];

  test('has at most twelve classes, each with a reason and a source', () => {
    expect(ACKNOWLEDGEMENT_CLASSES.length).toBeLessThanOrEqual(12);
    for (const { reason, source } of ACKNOWLEDGEMENT_CLASSES) {
      expect(reason.length).toBeGreaterThan(30);
      expect(source).toMatch(/^https:\/\//);
    }
  });

  test('is all that the library acknowledges: nothing shows as a decision of the user', () => {
    expect(acknowledged.length).toBeGreaterThan(0);
    expect(acknowledged.filter(({ classId }) => classId === 'USER')).toEqual([]);
  });

  test.each(ACKNOWLEDGEMENT_CLASSES.flatMap(({ id, rules }) => rules.map((rule) => [id, rule])))('%s still needs %s', (id, rule) => {
    // A finding is recorded as acknowledged only when the rule found something: a class or a rule that nobody needs is missing here.
    expect(acknowledged.some((finding) => finding.classId === id && finding.rule.startsWith(rule))).toBe(true);
  });
});

test.each([
  ['AwsSolutions-IAM5[Resource::<Bucket.Arn>/*]', 'Stack/Role/Policy/Resource', ['object-keys', 'service-managed-rule', 'run-time-names']],
  ['AwsSolutions::AwsSolutions-IAM5[Resource::*]', 'Stack/Role/ServiceWide/Resource', ['service-wide-action']],
  ['AwsSolutions-IAM5[Resource::*]', 'Stack/UserPolicy/Resource', []],
  ['AwsSolutions-S1', 'Stack/Bucket/Resource', []],
])('%s at %s may be covered by %j', (rule, constructPath, classes) => {
  expect(acknowledgementClassesOf(rule, constructPath).map(({ id }) => id)).toEqual(classes);
});
