import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { CheckResults, ComplianceChecks } from 'cdk-secure-ai/assurance';
import { ModelArtifactBucket } from 'cdk-secure-ai/models';
import { NetworkSegment } from 'cdk-secure-ai/network';
import { SecurityPosture, SecurityProfile } from 'cdk-secure-ai/posture';
import { SecureTrainingEnv, TrainingGuard } from 'cdk-secure-ai/training';
import { afterAll, describe, expect, test } from 'vitest';
import { PROFILE_POSTURES } from '../support/full-platform';

const temp = fs.mkdtempSync(path.join(os.tmpdir(), 'training-checks-'));
afterAll(() => fs.rmSync(temp, { recursive: true, force: true }));
const env = { account: '111111111111', region: 'eu-central-1' };

describe.each(Object.values(SecurityProfile))('under %s', (profile) => {
  test.each<[string, (stack: Stack) => void, boolean]>([
    ['an environment without any property', (stack) => void new SecureTrainingEnv(stack, 'Training'), false],
    ['an environment with a store, a segment and jobs', (stack) => {
      const store = new ModelArtifactBucket(stack, 'Models');
      const training = new SecureTrainingEnv(stack, 'Training', { artifacts: store, segment: new NetworkSegment(stack, 'Network') });
      training.addJob('fraud', {
        datasets: { train: { bucket: store.servedBucket, prefix: 'datasets/fraud' } }, repositories: [Repository.fromRepositoryName(stack, 'Images', 'fraud')],
      });
    }, false],
    ['an environment under the boundary of the posture', (stack) => {
      const training = new SecureTrainingEnv(stack, 'Training');
      const store = new ModelArtifactBucket(stack, 'Models');
      training.addJob('fraud', {
        datasets: { train: { bucket: store.servedBucket, prefix: 'datasets/fraud' } }, repositories: [Repository.fromRepositoryName(stack, 'Images', 'fraud')],
      });
    }, true],
    ['the guard in every form', (stack) => {
      TrainingGuard.managedPolicies(stack, 'Guard');
      TrainingGuard.boundary(stack, 'People');
    }, false],
  ])('%s leaves no finding of any pack of the profile open', (name, make, bounded) => {
    const outdir = path.join(temp, `${profile}-${name.replaceAll(' ', '-')}`);
    const app = new App({ outdir });
    const posture = PROFILE_POSTURES[profile](app);
    const stack = new Stack(app, 'Stack', { env });
    const boundary = ManagedPolicy.fromManagedPolicyArn(stack, 'OrganizationBoundary', 'arn:aws:iam::111111111111:policy/boundary');
    SecurityPosture.attach(stack, { ...posture, ...(bounded ? { permissionsBoundary: boundary } : {}) });
    make(stack);
    ComplianceChecks.addTo(app);
    app.synth();
    const { packs } = CheckResults.read(outdir);
    expect(packs.length).toBeGreaterThanOrEqual(2);
    expect(packs.flatMap(({ open }) => open)).toEqual([]);
    expect(packs.flatMap(({ acknowledged }) => acknowledged).filter(({ classId }) => classId === 'USER')).toEqual([]);
  });
});
