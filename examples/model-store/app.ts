import { App, Stack } from 'aws-cdk-lib';
import { ComplianceChecks } from 'cdk-secure-ai/assurance';
import { ModelArtifactBucket } from 'cdk-secure-ai/models';
import { SecurityPosture } from 'cdk-secure-ai/posture';

const app = new App();
SecurityPosture.attach(app, { tags: { environment: 'production', ownerTeam: 'fraud-scoring' } });

const stack = new Stack(app, 'ModelStore', { env: { account: '111111111111', region: 'eu-central-1' } });
new ModelArtifactBucket(stack, 'Models');

ComplianceChecks.addTo(app);
app.synth();
