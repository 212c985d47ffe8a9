import type { Environment , App} from 'aws-cdk-lib';
import { Stack } from 'aws-cdk-lib';
import { SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { AuditTrail, LogArchive, LogSource, ThreatDetection, ThreatDetector } from 'cdk-secure-ai/audit';
import { ApprovalGate, ModelArtifactBucket, ModelPromoter, ModelRegistry, SigningKey } from 'cdk-secure-ai/models';
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
  new ModelPromoter(stack, 'Promoter', { store, vpc, securityGroups });
  const role = new LeastPrivilegeRole(stack, 'Worker', {
    assumedBy: new ServicePrincipal('sagemaker.amazonaws.com', { conditions: { StringEquals: { 'aws:SourceAccount': stack.account } } }),
    description: 'Reads, uploads and signs',
  });
  store.grantRead(role);
  store.grantUpload(role);
  store.grantReadToAccount('222222222222');
  store.grantReadToOrganizationPath('o-a1b2c3d4e5/r-ab12/ou-ab12-12345678/*');
  new SigningKey(stack, 'Signing').grantSign(role);
  const registry = new ModelRegistry(stack, 'Registry', { groupName: 'fraud-scoring', description: 'Scores transactions' });
  const gate = new ApprovalGate(stack, 'Gate', {
    registry, store, vpc, securityGroups, policy: GATE_POLICY, modelTrust: GATE_TRUST, evidenceTrust: GATE_TRUST,
    approvers: [Role.fromRoleArn(stack, 'Approvers', stack.formatArn({ service: 'iam', region: '', resource: 'role', resourceName: 'approvers' }))],
  });
  registry.grantRegister(role);
  gate.grantRequest(role);
  gate.grantEvidence(role);
  new NetworkSegment(stack, 'Network', { services: [...AWS_SERVICES], dynamoDbPrefixListId: 'pl-66a5400f', customResources: true });
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
