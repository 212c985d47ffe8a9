/** An app of eight hundred resources, judged by nothing, by the rules of this library, or by four packs of cdk-nag: the constant says by which. */
import { App, Stack, Validations } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { CfnModel } from 'aws-cdk-lib/aws-sagemaker';

const checks: string = 'CHECKS';
const app = new App({ builtinCloudFormationValidation: false, autoSynth: false });
for (let n = 0; n < 8; n++) {
  const stack = new Stack(app, `Models${n}`, { env: { account: '111111111111', region: 'eu-central-1' } });
  for (let i = 0; i < 17; i++) {
    const bucket = new Bucket(stack, `Bucket${i}`, { encryptionKey: new Key(stack, `Key${i}`, { enableKeyRotation: true }), enforceSSL: true });
    const role = new Role(stack, `Role${i}`, { assumedBy: new ServicePrincipal('sagemaker.amazonaws.com') });
    new ManagedPolicy(stack, `Policy${i}`, { roles: [role], statements: [new PolicyStatement({ actions: ['s3:GetObject'], resources: [bucket.arnForObjects(`model${i}/*`)] })] });
    new CfnModel(stack, `Model${i}`, { executionRoleArn: role.roleArn, primaryContainer: { image: 'scorer', modelDataUrl: `s3://${bucket.bucketName}/model.tar.gz` } });
  }
}
// Loaded only where it is used: loading is part of what the checks cost.
if (checks === 'rules') {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const { SecureAiChecks } = require('cdk-secure-ai/assurance') as typeof import('cdk-secure-ai/assurance');
  SecureAiChecks.addTo(app);
} else if (checks === 'nag') {
  const { AwsSolutionsChecks, HIPAASecurityChecks, NIST80053R5Checks, PCIDSS321Checks } = require('cdk-nag') as typeof import('cdk-nag');
  Validations.of(app).addPlugins(new AwsSolutionsChecks(), new HIPAASecurityChecks(), new NIST80053R5Checks(), new PCIDSS321Checks());
}
try {
  app.synth();
} catch (error) {
  // Findings end the synthesis; anything else is no measurement.
  if (checks === 'none' || !/validation/i.test((error as Error).message)) throw error;
}
