/** The app of model_store.py, written in TypeScript: both must give the same template. */
import { App, Stack } from 'aws-cdk-lib';
import { CheckResults, ComplianceChecks } from 'cdk-secure-ai/assurance';
import { ModelArtifactBucket, SigningKey } from 'cdk-secure-ai/models';
import { DataClass, SecurityPosture, SecurityProfile } from 'cdk-secure-ai/posture';

const app = new App();
const stack = new Stack(app, 'Models', { env: { account: '111111111111', region: 'eu-central-1' } });
SecurityPosture.attach(stack, {
  profile: SecurityProfile.REGULATED,
  allowedRegions: ['eu-central-1'],
  organizationId: 'o-a1b2c3d4e5',
});
const store = new ModelArtifactBucket(stack, 'Store', { dataClass: DataClass.RESTRICTED });
store.grantReadToAccount('222222222222');
new SigningKey(stack, 'Signing');
ComplianceChecks.addTo(app);
app.synth();

const { totals } = CheckResults.read(app.outdir);
process.stdout.write(`open=${totals.open} acknowledged=${totals.acknowledged} packs=${totals.packs}\n`);
