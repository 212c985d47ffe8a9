import { App } from 'aws-cdk-lib';
import { JsonSchemaType } from 'aws-cdk-lib/aws-apigateway';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { ComplianceChecks } from 'cdk-secure-ai/assurance';
import { ManagementEvents } from 'cdk-secure-ai/audit';
import { ModelImage } from 'cdk-secure-ai/inference';
import type { PlatformAccount } from 'cdk-secure-ai/platform';
import { WeakerChoice } from 'cdk-secure-ai/posture';
import { SecureAiPlatform } from 'cdk-secure-ai/platform';

const region = 'eu-central-1';

/** What the organisation decided is the same everywhere; only the environment differs. */
function accountOf(account: string, environment: string): PlatformAccount {
  return {
    env: { account, region },
    posture: { organizationId: 'o-a1b2c3d4e5', allowedRegions: [region], tags: { environment, ownerTeam: 'fraud-scoring' } },
    onCall: [new EmailSubscription('on-call@example.com')],
    audit: { managementEvents: ManagementEvents.recordedBy(`arn:aws:cloudtrail:${region}:999999999999:trail/organisation`) },
  };
}

const app = new App();
const platform = new SecureAiPlatform(app, 'Fraud', {
  ...accountOf('111111111111', 'registry'),
  training: { account: accountOf('222222222222', 'training') },
  serving: { account: accountOf('333333333333', 'production') },
  // Outputs of the stage Registry: leave this out until it is deployed.
  storeKeyArns: {
    quarantine: `arn:aws:kms:${region}:111111111111:key/11111111-1111-1111-1111-111111111111`,
    served: `arn:aws:kms:${region}:111111111111:key/22222222-2222-2222-2222-222222222222`,
  },
});

platform.training.addJob('scoring', {
  datasets: { train: { bucket: Bucket.fromBucketName(platform.training, 'Transactions', 'curated-transactions'), prefix: 'training/2026-11' } },
  repositories: [Repository.fromRepositoryName(platform.training, 'Images', 'fraud-training')],
  instanceTypes: ['ml.m5.4xlarge'],
});

platform.addEndpoint('scoring', {
  prefix: `models/scoring/sha256-${'0a1b2c3d'.repeat(8)}/`,
  unproven: WeakerChoice.of({ reason: 'the gate is in the registry account', owner: 'fraud-scoring', expires: '2030-12-31' }),
  image: ModelImage.fromUri(`333333333333.dkr.ecr.${region}.amazonaws.com/fraud@sha256:${'4e5f6a7b'.repeat(8)}`),
  input: { type: JsonSchemaType.OBJECT, properties: { amount: { type: JsonSchemaType.NUMBER } }, required: ['amount'], additionalProperties: false },
});

ComplianceChecks.addTo(app);
app.synth();
