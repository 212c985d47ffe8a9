import { App, Duration, Stack } from 'aws-cdk-lib';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { ManagedPolicy, Role } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { ComplianceChecks } from 'cdk-secure-ai/assurance';
import { SecurityPosture } from 'cdk-secure-ai/posture';
import { SecureTrainingEnv, TrainingGuard } from 'cdk-secure-ai/training';

const account = '111111111111';

const app = new App();
SecurityPosture.attach(app, { tags: { environment: 'production', ownerTeam: 'fraud-scoring' } });

const stack = new Stack(app, 'TrainingOnly', { env: { account, region: 'eu-central-1' } });

const training = new SecureTrainingEnv(stack, 'Fraud');
training.addJob('scoring', {
  datasets: { train: { bucket: Bucket.fromBucketName(stack, 'Transactions', 'curated-transactions'), prefix: 'training/2026-11' } },
  repositories: [Repository.fromRepositoryName(stack, 'Images', 'fraud-training')],
  instanceTypes: ['ml.m5.4xlarge', 'ml.g5.xlarge'],
  maxRuntime: Duration.hours(6),
});

// People who launch jobs, and train in no other way.
const dataScience = Role.fromRoleName(stack, 'DataScience', 'data-science');
training.grantLaunch(new ManagedPolicy(stack, 'LaunchScoring', { description: 'Launches training jobs', roles: [dataScience] }));
for (const policy of TrainingGuard.managedPolicies(stack, 'Guard')) policy.attachToRole(dataScience);

ComplianceChecks.addTo(app);
app.synth();
