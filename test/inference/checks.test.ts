import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { CheckResults, ComplianceChecks } from 'cdk-secure-ai/assurance';
import { CaptureStore, DataCapture, GatewayExposure, InferenceBudget, InferenceGateway } from 'cdk-secure-ai/inference';
import { SecurityPosture, SecurityProfile } from 'cdk-secure-ai/posture';
import { afterAll, describe, expect, test } from 'vitest';
import { PROFILE_POSTURES } from '../support/full-platform';
import { AUTHORIZATIONS, ENV, INPUT, endpointOf, gatewayOf, workload } from './world';

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
    expectNothingOpen(app, outdir);
  });

  test('an endpoint, its gateway and its stores in stacks of their own leave no finding open either', () => {
    const outdir = path.join(temp, `${profile}-stacks`);
    const app = new App({ outdir });
    const posture = PROFILE_POSTURES[profile](app);
    const world = workload(app, 'Shared', posture);
    const captures = new CaptureStore(world.stack, 'Captures');
    const [front, own] = ['Front', 'Own'].map((id) => {
      const stack = new Stack(app, id, { env: ENV });
      SecurityPosture.attach(stack, posture);
      return stack;
    });
    const target = endpointOf(world, { capture: DataCapture.sample(10, captures) }, 'Endpoint', own);
    new InferenceGateway(front, 'Gateway', { exposure: GatewayExposure.regional() }).addRoute('fraud', { target, input: INPUT });
    expectNothingOpen(app, outdir);
  });
});

function expectNothingOpen(app: App, outdir: string): void {
  ComplianceChecks.addTo(app);
  let failure = '';
  try { app.synth(); } catch (error) { failure = String(error); }
  const { packs } = CheckResults.read(outdir);
  expect(packs.length).toBeGreaterThanOrEqual(2);
  expect(packs.flatMap(({ open }) => open)).toEqual([]);
  expect(packs.flatMap(({ acknowledged }) => acknowledged).filter(({ classId }) => classId === 'USER')).toEqual([]);
  expect(failure).toBe('');
}
