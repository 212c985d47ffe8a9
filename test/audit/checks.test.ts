import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { CheckResults, ComplianceChecks } from 'cdk-secure-ai/assurance';
import { AuditTrail, LogArchive, LogSource, ThreatDetection, ThreatDetector } from 'cdk-secure-ai/audit';
import { SecurityPosture, SecurityProfile } from 'cdk-secure-ai/posture';
import { afterAll, describe, expect, test } from 'vitest';
import { PROFILE_POSTURES } from '../support/full-platform';

const temp = fs.mkdtempSync(path.join(os.tmpdir(), 'audit-checks-'));
afterAll(() => fs.rmSync(temp, { recursive: true, force: true }));
const env = { account: '111111111111', region: 'eu-central-1' };

describe.each(Object.values(SecurityProfile))('under %s', (profile) => {
  test.each<[string, (stack: Stack, hasTopic: boolean) => void]>([
    ['an archive that takes all it can', (stack) => {
      const archive = new LogArchive(stack, 'Archive');
      for (const source of [LogSource.CLOUDTRAIL, LogSource.VENDED_LOGS, LogSource.GUARDDUTY_FINDINGS]) archive.admit(source);
    }],
    ['a trail without any property', (stack) => void new AuditTrail(stack, 'Trail')],
    ['detection with what it needs', (stack, hasTopic) => {
      const subscriptions = hasTopic ? {} : { subscriptions: [new EmailSubscription('on-call@example.com')] };
      new ThreatDetection(stack, 'Threats', { detector: ThreatDetector.create(), archive: new LogArchive(stack, 'Archive'), ...subscriptions });
    }],
  ])('%s leaves no finding of any pack of the profile open', (name, make) => {
    const outdir = path.join(temp, `${profile}-${name.replaceAll(' ', '-')}`);
    const app = new App({ outdir });
    const posture = PROFILE_POSTURES[profile](app);
    const stack = new Stack(app, 'Stack', { env });
    SecurityPosture.attach(stack, posture);
    make(stack, posture.alarmTopic !== undefined);
    ComplianceChecks.addTo(app);
    app.synth();
    const { packs } = CheckResults.read(outdir);
    expect(packs.length).toBeGreaterThanOrEqual(2);
    expect(packs.flatMap(({ open }) => open)).toEqual([]);
    expect(packs.flatMap(({ acknowledged }) => acknowledged).filter(({ classId }) => classId === 'USER')).toEqual([]);
  });
});
