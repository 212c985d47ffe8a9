import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { App } from 'aws-cdk-lib';
import { CheckResults, ComplianceChecks } from 'cdk-secure-ai/assurance';
import { InferenceBudget } from 'cdk-secure-ai/inference';
import { SecurityProfile } from 'cdk-secure-ai/posture';
import { afterAll, describe, expect, test } from 'vitest';
import { PROFILE_POSTURES } from '../support/full-platform';
import { AUTHORIZATIONS, endpointOf, gatewayOf, workload } from './world';

const temp = fs.mkdtempSync(path.join(os.tmpdir(), 'inference-checks-'));
afterAll(() => fs.rmSync(temp, { recursive: true, force: true }));

describe.each(Object.values(SecurityProfile))('under %s', (profile) => {
  test.each(Object.keys(AUTHORIZATIONS))('a gateway with %s and its endpoints leave no finding of any pack of the profile open', (kind) => {
    const outdir = path.join(temp, `${profile}-${kind}`);
    const app = new App({ outdir });
    const posture = PROFILE_POSTURES[profile](app);
    const world = workload(app, 'Stack', posture);
    gatewayOf(world, {}, kind);
    endpointOf(world, { capacity: { instanceType: 'ml.g5.xlarge' } }, 'OnLocalDisk');
    if (posture.alarmTopic) new InferenceBudget(world.stack, 'Budget', { monthlyLimit: 5_000, tag: 'Environment$production' });
    ComplianceChecks.addTo(app);
    let failure = '';
    try { app.synth(); } catch (error) { failure = String(error); }
    const { packs } = CheckResults.read(outdir);
    expect(packs.length).toBeGreaterThanOrEqual(2);
    expect(packs.flatMap(({ open }) => open)).toEqual([]);
    expect(packs.flatMap(({ acknowledged }) => acknowledged).filter(({ classId }) => classId === 'USER')).toEqual([]);
    expect(failure).toBe('');
  });
});
