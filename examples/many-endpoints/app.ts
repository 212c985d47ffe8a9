import { App } from 'aws-cdk-lib';
import { JsonSchemaType } from 'aws-cdk-lib/aws-apigateway';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { ComplianceChecks } from 'cdk-secure-ai/assurance';
import { ModelImage } from 'cdk-secure-ai/inference';
import { SecureAiPlatform } from 'cdk-secure-ai/platform';
import { WeakerChoice } from 'cdk-secure-ai/posture';

const env = { account: '111111111111', region: 'eu-central-1' };

const app = new App();
const platform = new SecureAiPlatform(app, 'Models', {
  env,
  posture: { tags: { environment: 'production', ownerTeam: 'recommendations' } },
  onCall: [new EmailSubscription('on-call@example.com')],
});

/** One model for each shop. The name is the stack's: a shop that goes takes its own stack with it, and no other. */
const shops = Array.from({ length: 50 }, (_, index) => `shop-${String(index + 1).padStart(2, '0')}`);
for (const shop of shops) {
  platform.addEndpoint(shop, {
    prefix: `models/${shop}/sha256-${'0a1b2c3d'.repeat(8)}/`,
    unproven: WeakerChoice.of({ reason: 'no gate approves models yet', owner: 'fraud-scoring', expires: '2030-12-31' }),
    image: ModelImage.fromUri(`${env.account}.dkr.ecr.${env.region}.amazonaws.com/recommend@sha256:${'4e5f6a7b'.repeat(8)}`),
    input: {
      type: JsonSchemaType.OBJECT,
      properties: { customer: { type: JsonSchemaType.STRING, maxLength: 64 } },
      required: ['customer'],
      additionalProperties: false,
    },
    concurrency: 5,
  });
}

ComplianceChecks.addTo(app);
app.synth();
