import { App, Stack } from 'aws-cdk-lib';
import { JsonSchemaType } from 'aws-cdk-lib/aws-apigateway';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { ComplianceChecks } from 'cdk-secure-ai/assurance';
import { ModelImage } from 'cdk-secure-ai/inference';
import { SecureAiPlatform } from 'cdk-secure-ai/platform';
import { WeakerChoice } from 'cdk-secure-ai/posture';

const env = { account: '111111111111', region: 'eu-central-1' };
const posture = { tags: { environment: 'production', ownerTeam: 'fraud-scoring' } };

const app = new App();
const stack = new Stack(app, 'Fraud', { env });
const platform = new SecureAiPlatform(stack, 'Platform', { posture, onCall: [new EmailSubscription('on-call@example.com')] });
platform.addEndpoint('scoring', {
  prefix: `models/scoring/sha256-${'0a1b2c3d'.repeat(8)}/`,
  unproven: WeakerChoice.of({ reason: 'no gate approves models yet', owner: 'fraud-scoring', expires: '2030-12-31' }),
  image: ModelImage.fromUri(`${env.account}.dkr.ecr.${env.region}.amazonaws.com/fraud@sha256:${'4e5f6a7b'.repeat(8)}`),
  input: { type: JsonSchemaType.OBJECT, properties: { amount: { type: JsonSchemaType.NUMBER } }, required: ['amount'], additionalProperties: false },
});
ComplianceChecks.addTo(app);
app.synth();
