import { App, Stack } from 'aws-cdk-lib';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { ManagedPolicy, Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { ComplianceChecks } from 'cdk-secure-ai/assurance';
import { ModelArtifactBucket, ModelPromoter } from 'cdk-secure-ai/models';
import { SecurityPosture, WeakerChoice } from 'cdk-secure-ai/posture';

const account = '111111111111';
const region = 'eu-central-1';

const app = new App();
const stack = new Stack(app, 'ExistingResources', { env: { account, region } });

SecurityPosture.attach(stack, {
  organizationId: 'o-a1b2c3d4e5',
  allowedRegions: [region],
  perimeter: { vpcEndpointIds: ['vpce-0a1b2c3d4e5f60718'] },
  permissionsBoundary: ManagedPolicy.fromManagedPolicyName(stack, 'Boundary', 'workload-boundary'),
  alarmTopic: Topic.fromTopicArn(stack, 'OnCall', `arn:aws:sns:${region}:${account}:on-call`),
  operators: { breakGlassRoleArns: [`arn:aws:iam::${account}:role/break-glass`] },
  unreservedConcurrency: WeakerChoice.of({
    reason: 'the account quota of 10 concurrent executions leaves none to reserve',
    owner: 'platform-security',
    since: '2026-11-01',
    expires: '2027-10-31',
  }),
  // Fixed, so that the committed snapshot is the same every day. Leave it out in your app.
  evaluationDate: '2026-11-24',
  tags: { environment: 'production', ownerTeam: 'fraud-scoring' },
});

const store = new ModelArtifactBucket(stack, 'Models', {
  quarantineKey: Key.fromKeyArn(stack, 'QuarantineKey', `arn:aws:kms:${region}:${account}:key/11111111-1111-1111-1111-111111111111`),
  servedKey: Key.fromKeyArn(stack, 'ServedKey', `arn:aws:kms:${region}:${account}:key/22222222-2222-2222-2222-222222222222`),
  accessLogs: Bucket.fromBucketName(stack, 'CentralLogs', 'central-access-logs'),
  scannerRole: Role.fromRoleArn(stack, 'Scanner', `arn:aws:iam::${account}:role/malware-scan`),
});
store.grantReadToAccount('222222222222');

new ModelPromoter(stack, 'Promoter', {
  store,
  vpc: Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-0a1b2c3d4e5f60718',
    availabilityZones: ['eu-central-1a', 'eu-central-1b'],
    isolatedSubnetIds: ['subnet-0a1b2c3d4e5f60718', 'subnet-0a1b2c3d4e5f60719'],
    isolatedSubnetRouteTableIds: ['rtb-0a1b2c3d4e5f60718', 'rtb-0a1b2c3d4e5f60719'],
  }),
  securityGroups: [SecurityGroup.fromSecurityGroupId(stack, 'ToEndpoints', 'sg-0a1b2c3d4e5f60718', { mutable: false })],
});

ComplianceChecks.addTo(app);
app.synth();
