/** A model store with its promoter, through the library. `hand-written-store.ts` makes the same resources without it. */
import { App, Stack } from 'aws-cdk-lib';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { ModelArtifactBucket, ModelPromoter } from 'cdk-secure-ai/models';
import { SecurityPosture } from 'cdk-secure-ai/posture';

const app = new App({ builtinCloudFormationValidation: process.env.CDK_VALIDATION === 'true' });
const stack = new Stack(app, 'Models', { env: { account: '111111111111', region: 'eu-central-1' } });
SecurityPosture.attach(stack, {
  organizationId: 'o-a1b2c3d4e5',
  tags: { environment: 'production', ownerTeam: 'fraud-scoring' },
  operators: { breakGlassRoleArns: ['arn:aws:iam::111111111111:role/break-glass'] },
});
const store = new ModelArtifactBucket(stack, 'Store');
const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', {
  vpcId: 'vpc-0a1b2c3d4e5f60718',
  availabilityZones: ['eu-central-1a', 'eu-central-1b'],
  isolatedSubnetIds: ['subnet-0a1b2c3d4e5f60718', 'subnet-0a1b2c3d4e5f60719'],
  isolatedSubnetRouteTableIds: ['rtb-0a1b2c3d4e5f60718', 'rtb-0a1b2c3d4e5f60719'],
});
new ModelPromoter(stack, 'Promoter', {
  store,
  vpc,
  securityGroups: [SecurityGroup.fromSecurityGroupId(stack, 'Endpoints', 'sg-0a1b2c3d4e5f60718', { mutable: false })],
});
app.synth();
