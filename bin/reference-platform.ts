/**
 * The reference platform: the model stores of a fraud-scoring service, in the three security profiles.
 *
 * It uses the library as an app would, brings the network that its accounts have already, and is what `npm start` synthesises.
 */
import type { Environment } from 'aws-cdk-lib';
import { App, Stack } from 'aws-cdk-lib';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { ComplianceChecks } from 'cdk-secure-ai/assurance';
import { ModelArtifactBucket, ModelPromoter, SigningKey } from 'cdk-secure-ai/models';
import type { SecurityPostureProps } from 'cdk-secure-ai/posture';
import { DataClass, SecurityPosture, SecurityProfile } from 'cdk-secure-ai/posture';

interface FraudModelsProps {
  readonly env: Environment;
  readonly posture: (stack: Stack) => SecurityPostureProps;
}

/** The model store of one environment, with the promoter that fills it and the key that signs. */
class FraudModels extends Stack {
  constructor(app: App, id: string, props: FraudModelsProps) {
    super(app, id, { env: props.env });
    SecurityPosture.attach(this, props.posture(this));

    const store = new ModelArtifactBucket(this, 'Models', { dataClass: DataClass.CONFIDENTIAL });
    const vpc = Vpc.fromVpcAttributes(this, 'Vpc', {
      vpcId: 'vpc-0a1b2c3d4e5f60718',
      availabilityZones: ['a', 'b'].map((zone) => `${this.region}${zone}`),
      isolatedSubnetIds: ['subnet-0a1b2c3d4e5f60718', 'subnet-0a1b2c3d4e5f60719'],
      isolatedSubnetRouteTableIds: ['rtb-0a1b2c3d4e5f60718', 'rtb-0a1b2c3d4e5f60719'],
    });
    new ModelPromoter(this, 'Promoter', {
      store,
      vpc,
      securityGroups: [SecurityGroup.fromSecurityGroupId(this, 'Endpoints', 'sg-0a1b2c3d4e5f60718', { mutable: false })],
    });
    new SigningKey(this, 'Signing');
  }
}

const app = new App();
const allowedRegions = ['eu-central-1'];

new FraudModels(app, 'FraudModelsDevelopment', {
  env: { account: '111111111111', region: 'eu-central-1' },
  posture: () => ({
    profile: SecurityProfile.BASELINE,
    allowedRegions,
    tags: { environment: 'development', ownerTeam: 'fraud-scoring' },
  }),
});

new FraudModels(app, 'FraudModelsStaging', {
  env: { account: '222222222222', region: 'eu-central-1' },
  posture: () => ({
    allowedRegions,
    organizationId: 'o-a1b2c3d4e5',
    tags: { environment: 'staging', ownerTeam: 'fraud-scoring' },
  }),
});

new FraudModels(app, 'FraudModelsProduction', {
  env: { account: '333333333333', region: 'eu-central-1' },
  posture: (stack) => ({
    profile: SecurityProfile.HIGH_ASSURANCE,
    allowedRegions,
    organizationId: 'o-a1b2c3d4e5',
    perimeter: { vpcEndpointIds: ['vpce-0a1b2c3d4e5f60718'] },
    alarmTopic: Topic.fromTopicArn(stack, 'OnCall', `arn:aws:sns:eu-central-1:333333333333:on-call`),
    tags: { environment: 'production', ownerTeam: 'fraud-scoring' },
    operators: { breakGlassRoleArns: ['arn:aws:iam::333333333333:role/break-glass'] },
  }),
});

ComplianceChecks.addTo(app);
app.synth();
