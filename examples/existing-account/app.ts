import { App, Stack } from 'aws-cdk-lib';
import { JsonSchemaType } from 'aws-cdk-lib/aws-apigateway';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { ComplianceChecks } from 'cdk-secure-ai/assurance';
import { LogArchive, ManagementEvents, ThreatDetector } from 'cdk-secure-ai/audit';
import { GatewayExposure, ModelImage } from 'cdk-secure-ai/inference';
import { NetworkPart } from 'cdk-secure-ai/network';
import { SecureAiPlatform } from 'cdk-secure-ai/platform';
import { WeakerChoice } from 'cdk-secure-ai/posture';

const account = '111111111111';
const region = 'eu-central-1';

const app = new App();
const stack = new Stack(app, 'Fraud', { env: { account, region } });
const key = (id: string, digit: string) => Key.fromKeyArn(stack, id, `arn:aws:kms:${region}:${account}:key/${digit.repeat(8)}-1111-1111-1111-111111111111`);
const toEndpoints = SecurityGroup.fromSecurityGroupId(stack, 'ToEndpoints', 'sg-0a1b2c3d4e5f60718', { mutable: false });

const platform = new SecureAiPlatform(stack, 'Platform', {
  posture: {
    organizationId: 'o-a1b2c3d4e5',
    allowedRegions: [region],
    tags: { environment: 'production', ownerTeam: 'fraud-scoring' },
    alarmTopic: Topic.fromTopicArn(stack, 'OnCall', `arn:aws:sns:${region}:${account}:on-call`),
    permissionsBoundary: ManagedPolicy.fromManagedPolicyName(stack, 'Boundary', 'workload-boundary'),
    operators: { breakGlassRoleArns: [`arn:aws:iam::${account}:role/break-glass`] },
  },
  audit: {
    archive: LogArchive.fromAttributes(stack, 'Archive', {
      bucketArn: 'arn:aws:s3:::central-audit-records',
      keyArn: `arn:aws:kms:${region}:${account}:key/33333333-1111-1111-1111-111111111111`,
      accessLogsBucketArn: 'arn:aws:s3:::central-access-logs',
    }),
    managementEvents: ManagementEvents.recordedBy(`arn:aws:cloudtrail:${region}:${account}:trail/organisation`),
    detector: ThreatDetector.existing('0a1b2c3d4e5f60718293a4b5c6d7e8f9'),
  },
  network: {
    s3PrefixListId: 'pl-6ea54007',
    existing: {
      vpc: Vpc.fromVpcAttributes(stack, 'Vpc', {
        vpcId: 'vpc-0a1b2c3d4e5f60718',
        availabilityZones: ['eu-central-1a', 'eu-central-1b'],
        isolatedSubnetIds: ['subnet-0a1b2c3d4e5f60718', 'subnet-0a1b2c3d4e5f60719'],
        isolatedSubnetRouteTableIds: ['rtb-0a1b2c3d4e5f60718', 'rtb-0a1b2c3d4e5f60719'],
      }),
      endpoints: [{ service: 's3' }, ...['events', 'kms', 'sagemaker.runtime'].map((service) => ({ service, securityGroup: toEndpoints }))],
      parts: [NetworkPart.FLOW_LOGS, NetworkPart.QUERY_LOG, NetworkPart.DNS_FIREWALL],
    },
  },
  models: { quarantineKey: key('QuarantineKey', '1'), servedKey: key('ServedKey', '2') },
  serving: { exposure: GatewayExposure.privateTo(['vpce-0a1b2c3d4e5f60718']) },
});

platform.addEndpoint('scoring', {
  prefix: `models/scoring/sha256-${'0a1b2c3d'.repeat(8)}/`,
  unproven: WeakerChoice.of({ reason: 'no gate approves models yet', owner: 'fraud-scoring', expires: '2030-12-31' }),
  image: ModelImage.fromUri(`${account}.dkr.ecr.${region}.amazonaws.com/fraud@sha256:${'4e5f6a7b'.repeat(8)}`),
  input: { type: JsonSchemaType.OBJECT, properties: { amount: { type: JsonSchemaType.NUMBER } }, required: ['amount'], additionalProperties: false },
});

ComplianceChecks.addTo(app);
app.synth();
