import type { Environment , App} from 'aws-cdk-lib';
import { Stack } from 'aws-cdk-lib';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { JsonSchemaType } from 'aws-cdk-lib/aws-apigateway';
import { AuditTrail, LogArchive, LogSource, ThreatDetection, ThreatDetector } from 'cdk-secure-ai/audit';
import {
  AccountLogRole, GatewayAuthorization, GatewayExposure, InferenceBudget, InferenceGateway, KeySetMirror, ModelImage, SecureInferenceEndpoint,
} from 'cdk-secure-ai/inference';
import {
  ApprovalGate, ApprovedModel, DeployCheck, ModelArtifactBucket, ModelPromoter, ModelRegistry, ModelScanner, ModelSigner, Retirement, SigningKey,
} from 'cdk-secure-ai/models';
import { NetworkSegment } from 'cdk-secure-ai/network';
import type { SecurityPostureProps } from 'cdk-secure-ai/posture';
import { SecurityPosture, SecurityProfile } from 'cdk-secure-ai/posture';
import { SecureTrainingEnv, TrainingGuard } from 'cdk-secure-ai/training';
import { AWS_SERVICES } from '../../lib/core/handler-contract';
import { LeastPrivilegeRole } from '../../lib/core/least-privilege-role';
import { GATE_POLICY, GATE_TRUST } from './gate-settings';

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
  const securityGroups = [SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-1')];
  const scanner = new ModelScanner(stack, 'Scanner', { store, vpc, securityGroups });
  const signer = new ModelSigner(stack, 'Signer', { store, vpc, securityGroups });
  new ModelPromoter(stack, 'Promoter', { store, scanner, signer, vpc, securityGroups });
  const role = new LeastPrivilegeRole(stack, 'Worker', {
    assumedBy: new ServicePrincipal('sagemaker.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': stack.account } } }),
    description: 'Reads, uploads and signs',
  });
  store.grantRead(role);
  store.grantUpload(role);
  store.grantReadToAccount('222222222222');
  store.grantReadToOrganizationPath('o-a1b2c3d4e5/r-ab12/ou-ab12-12345678/*');
  signer.grantStart(role);
  new SigningKey(stack, 'Signing').grantSign(role);
  const registry = new ModelRegistry(stack, 'Registry', { groupName: 'fraud-scoring', description: 'Scores transactions' });
  const gate = new ApprovalGate(stack, 'Gate', {
    registry, store, vpc, securityGroups, policy: GATE_POLICY, modelTrust: GATE_TRUST, evidenceTrust: GATE_TRUST,
    approvers: [Role.fromRoleArn(stack, 'Approvers', stack.formatArn({ service: 'iam', region: '', resource: 'role', resourceName: 'approvers' }))],
  });
  registry.grantRegister(role);
  gate.grantRequest(role);
  gate.grantEvidence(role);
  const segment = new NetworkSegment(stack, 'Network', { services: [...AWS_SERVICES], dynamoDbPrefixListId: 'pl-66a5400f', customResources: true });
  const check = new DeployCheck(stack, 'DeployCheck', { store, gate, segment });
  addInference(stack, check, new Retirement(stack, 'Retirement', { registry, store, segment }), segment);
  const training = new SecureTrainingEnv(stack, 'Training');
  training.addJob('fraud', {
    datasets: { train: { bucket: store.servedBucket, prefix: 'datasets/fraud' } },
    repositories: [Repository.fromRepositoryName(stack, 'Images', 'fraud-training')],
    instanceTypes: ['ml.m5.xlarge', 'ml.g5.xlarge'],
  });
  TrainingGuard.managedPolicies(stack, 'Guard');
  TrainingGuard.boundary(stack, 'PeopleGuard');
  return stack;
}

/** A gateway with tokens of a provider, in front of two models, one of them on an instance with a disk inside. */
function addInference(stack: Stack, check: DeployCheck, retirement: Retirement, segment: NetworkSegment): void {
  const keys = new KeySetMirror(stack, 'ProviderKeys');
  const gateway = new InferenceGateway(stack, 'Gateway', {
    exposure: GatewayExposure.privateTo(['vpce-0a1b2c3d']),
    authorization: GatewayAuthorization.oidc({ issuer: 'https://issuer.example.com', audiences: ['inference'], keys }),
    accountLogRole: AccountLogRole.create(),
    segment,
  });
  const image = ModelImage.fromEcr(Repository.fromRepositoryName(stack, 'ServingImages', 'models/fraud'), `sha256:${'4e5f6a7b'.repeat(8)}`);
  const string = (maxLength: number) => ({ type: JsonSchemaType.STRING, maxLength });
  for (const [name, instanceType] of [['fraud', 'ml.m5.xlarge'], ['chat', 'ml.g5.xlarge']]) {
    const model = new ApprovedModel(stack, `Model-${name}`, { check, prefix: `models/${name}/sha256-${'0a1b2c3d'.repeat(8)}/` });
    const target = new SecureInferenceEndpoint(stack, `Endpoint-${name}`, { model, image, segment, capacity: { instanceType } });
    retirement.addEndpoint(target.endpointName, model, target.key);
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
