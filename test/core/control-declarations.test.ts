import * as fs from 'node:fs';
import * as path from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { ModelArtifactBucket } from 'cdk-secure-ai/models';
import { SecurityPosture, WeakerChoice } from 'cdk-secure-ai/posture';
import { expect, test } from 'vitest';

interface Entry {
  readonly type: string;
  readonly data: unknown;
}

test('controls, posture and weaker choices reach the cloud assembly, where a reader finds them without the app', () => {
  const app = new App();
  SecurityPosture.attach(app, {
    evaluationDate: '2026-11-24',
    perimeter: { presignedUrls: WeakerChoice.of({ reason: 'vendor', owner: 'platform', expires: '2027-03-31' }) },
  });
  new ModelArtifactBucket(new Stack(app, 'Stack', { env: { account: '111111111111', region: 'eu-central-1' } }), 'Models');
  const { directory, manifest } = app.synth();
  const file = manifest.artifacts?.Stack?.additionalMetadataFile ?? '';
  const metadata = JSON.parse(fs.readFileSync(path.join(directory, file), 'utf8')) as Record<string, Entry[]>;
  const at = (construct: string, type: string) => metadata[construct]?.find((entry) => entry.type === type)?.data;
  expect(at('/Stack/Models', 'cdk-secure-ai:controls')).toEqual(['DP2a', 'DP2b', 'DP3', 'DP6', 'MI3', 'ML1', 'OB1', 'P3', 'P4']);
  expect(at('/Stack', 'cdk-secure-ai:posture')).toMatchObject({ profile: 'REGULATED', presignedUrlsDenied: false });
  expect(at('/Stack', 'cdk-secure-ai:weaker-choice')).toEqual({ setting: 'posture.perimeter.presignedUrls', reason: 'vendor', owner: 'platform', expires: '2027-03-31' });
});
