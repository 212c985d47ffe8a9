import type { App } from 'aws-cdk-lib';
import { Stack } from 'aws-cdk-lib';
import { JsonSchemaType } from 'aws-cdk-lib/aws-apigateway';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { ModelImage } from 'cdk-secure-ai/inference';
import type { PlatformEndpoint, SecureAiPlatformProps } from 'cdk-secure-ai/platform';
import { WeakerChoice } from 'cdk-secure-ai/posture';
import { SecureAiPlatform } from 'cdk-secure-ai/platform';

/** Tags that the rules ask for. */
export const TAGS = { environment: 'production', ownerTeam: 'fraud-scoring' };
export const REGISTRY = { account: '111111111111', region: 'eu-central-1' };
export const TRAINING = { account: '222222222222', region: 'eu-central-1' };
export const PRODUCTION = { account: '333333333333', region: 'eu-central-1' };

/** A model that can be served in any region. */
export function endpoint({ account, region } = REGISTRY): PlatformEndpoint {
  return {
    prefix: `models/fraud/sha256-${'0a1b2c3d'.repeat(8)}/`,
    unproven: WeakerChoice.of({ reason: 'the gate is in another account', owner: 'fraud-scoring', expires: '2030-12-31' }),
    image: ModelImage.fromUri(`${account}.dkr.ecr.${region}.amazonaws.com/models/fraud@sha256:${'4e5f6a7b'.repeat(8)}`),
    input: { type: JsonSchemaType.OBJECT, properties: { amount: { type: JsonSchemaType.NUMBER } }, required: ['amount'], additionalProperties: false },
  };
}

/** A platform with a job and an endpoint, in one stack. */
export function stackPlatform(app: App, props: SecureAiPlatformProps = {}, env = REGISTRY): SecureAiPlatform {
  return filled(new SecureAiPlatform(new Stack(app, 'Fraud', { env }), 'Platform', { training: {}, posture: { tags: TAGS }, ...props }), env);
}

/** A platform with a job and an endpoint, as a set of stacks. */
export function stackSetPlatform(app: App, props: SecureAiPlatformProps = {}, env = REGISTRY): SecureAiPlatform {
  return filled(new SecureAiPlatform(app, 'Fraud', { env, training: {}, posture: { tags: TAGS }, ...props }), env);
}

/** A platform with a job and an endpoint, over three accounts. */
export function accountsPlatform(app: App, props: SecureAiPlatformProps = {}): SecureAiPlatform {
  const posture = { organizationId: 'o-a1b2c3d4e5', tags: TAGS, ...props.posture };
  const key = (id: string) => `arn:aws:kms:eu-central-1:111111111111:key/${id.repeat(8)}-1111-1111-1111-111111111111`;
  return filled(new SecureAiPlatform(app, 'Fraud', {
    env: REGISTRY,
    storeKeyArns: { quarantine: key('1'), served: key('2') },
    training: { account: { env: TRAINING, posture } },
    serving: { account: { env: PRODUCTION, posture } },
    ...props,
    posture,
  }), PRODUCTION);
}

function filled(platform: SecureAiPlatform, serving: typeof REGISTRY): SecureAiPlatform {
  const { training } = platform;
  training.addJob('scoring', {
    datasets: { train: { bucket: Bucket.fromBucketName(training, 'Transactions', 'curated-transactions'), prefix: 'training' } },
    repositories: [Repository.fromRepositoryName(training, 'Images', 'fraud-training')],
  });
  platform.addEndpoint('scoring', endpoint(serving));
  return platform;
}
