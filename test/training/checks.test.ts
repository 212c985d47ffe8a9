import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { CheckResults, ComplianceChecks } from 'cdk-secure-ai/assurance';
import { NetworkSegment } from 'cdk-secure-ai/network';
import { SecurityPosture, SecurityProfile } from 'cdk-secure-ai/posture';
import { afterAll, describe, expect, test } from 'vitest';
import { EncryptionKey } from '../../lib/core/encryption-key';
import { JobSweeper } from '../../lib/training/job-sweeper';
import { PROFILE_POSTURES } from '../support/full-platform';

const temp = fs.mkdtempSync(path.join(os.tmpdir(), 'training-checks-'));
afterAll(() => fs.rmSync(temp, { recursive: true, force: true }));

describe.each(Object.values(SecurityProfile))('under %s', (profile) => {
  test('a sweeper leaves no finding of any pack of the profile open', () => {
    const outdir = path.join(temp, profile);
    const app = new App({ outdir });
    const stack = new Stack(app, 'Stack', { env: { account: '111111111111', region: 'eu-central-1' } });
    SecurityPosture.attach(stack, PROFILE_POSTURES[profile](app));
    new JobSweeper(stack, 'Sweeper', {
      environmentTag: { key: 'secure-ai:environment', value: 'fraud' },
      volumeKey: new EncryptionKey(stack, 'Volume', { description: 'volumes' }),
      outputKey: new EncryptionKey(stack, 'Output', { description: 'outputs' }),
      segment: new NetworkSegment(stack, 'Network'),
      maxRuntime: Duration.days(1),
    });
    ComplianceChecks.addTo(app);
    app.synth();
    const { packs } = CheckResults.read(outdir);
    expect(packs.length).toBeGreaterThanOrEqual(2);
    expect(packs.flatMap(({ open }) => open)).toEqual([]);
    const acknowledged = packs.flatMap((pack) => pack.acknowledged).map(({ classId }) => classId);
    expect(acknowledged).not.toContain('USER');
    expect(acknowledged).toContain('job-names');
  });
});
