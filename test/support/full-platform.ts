import type { Environment , App} from 'aws-cdk-lib';
import { Stack } from 'aws-cdk-lib';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { JsonSchemaType } from 'aws-cdk-lib/aws-apigateway';
import { AuditTrail, LogArchive, LogSource, ThreatDetection, ThreatDetector } from 'cdk-secure-ai/audit';
import {
  AccountLogRole, GatewayAuthorization, GatewayExposure, InferenceBudget, InferenceGateway, KeySetMirror, ModelImage, SecureInferenceEndpoint,
} from 'cdk-secure-ai/inference';
import { ModelArtifactBucket, ModelPromoter, SigningKey } from 'cdk-secure-ai/models';
import { NetworkSegment } from 'cdk-secure-ai/network';
import type { SecurityPostureProps } from 'cdk-secure-ai/posture';
import { SecurityPosture, SecurityProfile } from 'cdk-secure-ai/posture';
import { AWS_SERVICES } from '../../lib/core/handler-contract';
import { LeastPrivilegeRole } from '../../lib/core/least-privilege-role';

/** A stack with everything that the library can make, for checks that must hold for all of it. */
export function fullStack(app: App, id: string, posture: SecurityPostureProps = {}, env: Environment = { account: '111111111111', region: 'eu-central-1' }): Stack {
  const stack = new Stack(app, id, { env });
  SecurityPosture.attach(stack, posture);
  const archive = new LogArchive(stack, 'Archive');
  archive.admit(LogSource.VENDED_LOGS);
  new AuditTrail(stack, 'Trail', { archive });
  new ThreatDetection(stack, 'Threats', {
    detector: ThreatDetector.create(), archive, ...(posture.alarmTopic ? {} : { subscriptions: [new EmailSubscription('on-call@example.com')] }),
  });
  const store = new ModelArtifactBucket(stack, 'Models');
  const vpc = Vpc.fromVpcAttributes(stack, 'Vpc', {
    vpcId: 'vpc-1', availabilityZones: ['a', 'b'], isolatedSubnetIds: ['subnet-1', 'subnet-2'], isolatedSubnetRouteTableIds: ['rtb-1', 'rtb-2'],
  });
  new ModelPromoter(stack, 'Promoter', { store, vpc, securityGroups: [SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-1')] });
  const role = new LeastPrivilegeRole(stack, 'Worker', { assumedBy: new ServicePrincipal('sagemaker.amazonaws.com'), description: 'Reads, uploads and signs' });
  store.grantRead(role);
  store.grantUpload(role);
  store.grantReadToAccount('222222222222');
  store.grantReadToOrganizationPath('o-a1b2c3d4e5/r-ab12/ou-ab12-12345678/*');
  new SigningKey(stack, 'Signing').grantSign(role);
  const segment = new NetworkSegment(stack, 'Network', { services: [...AWS_SERVICES], dynamoDbPrefixListId: 'pl-66a5400f', customResources: true });
  addInference(stack, store, segment);
  return stack;
}

/** A gateway with tokens of a provider, in front of two models, one of them on an instance with a disk inside. */
function addInference(stack: Stack, store: ModelArtifactBucket, segment: NetworkSegment): void {
  const keys = new KeySetMirror(stack, 'ProviderKeys');
  const gateway = new InferenceGateway(stack, 'Gateway', {
    exposure: GatewayExposure.privateTo(['vpce-0a1b2c3d']),
    authorization: GatewayAuthorization.oidc({ issuer: 'https://issuer.example.com', audiences: ['inference'], keys }),
    accountLogRole: AccountLogRole.create(),
    segment,
  });
  const image = ModelImage.fromEcr(Repository.fromRepositoryName(stack, 'Images', 'models/fraud'), `sha256:${'4e5f6a7b'.repeat(8)}`);
  const string = (maxLength: number) => ({ type: JsonSchemaType.STRING, maxLength });
  for (const [name, instanceType] of [['fraud', 'ml.m5.xlarge'], ['chat', 'ml.g5.xlarge']]) {
    const target = new SecureInferenceEndpoint(stack, `Endpoint-${name}`, {
      model: { store, prefix: `models/${name}/sha256-${'0a1b2c3d'.repeat(8)}/` }, image, segment, capacity: { instanceType },
    });
    gateway.addRoute(name, {
      target, input: { type: JsonSchemaType.OBJECT, properties: { prompt: string(8_000) }, required: ['prompt'], additionalProperties: false },
    });
  }
  gateway.addConsumer('Mobile', { principal: 'mobile-app' });
  if (SecurityPosture.of(stack).alarmTopic) new InferenceBudget(stack, 'Budget', { monthlyLimit: 5_000 });
}

/** The postures of the three profiles, each with all that it asks for. */
export const PROFILE_POSTURES: Readonly<Record<SecurityProfile, (app: App) => SecurityPostureProps>> = {
  [SecurityProfile.BASELINE]: () => ({ profile: SecurityProfile.BASELINE }),
  [SecurityProfile.REGULATED]: () => ({}),
  [SecurityProfile.HIGH_ASSURANCE]: (app) => ({
    profile: SecurityProfile.HIGH_ASSURANCE,
    perimeter: { vpcEndpointIds: ['vpce-1'] },
    alarmTopic: Topic.fromTopicArn(new Stack(app, 'Existing'), 'OnCall', 'arn:aws:sns:eu-central-1:111111111111:on-call'),
    tags: { environment: 'production', ownerTeam: 'fraud-scoring' },
  }),
};
